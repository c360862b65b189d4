/// The report's style sheet, part of the program so that it works wherever it is copied.
public enum StyleSheet {
    /// Colours, type and width: what every page of the house has.
    public static let base = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #d9dfe6; --card: #f5f7f9;
          --page: #ffffff; --accent: #0072b2; --good: #00795a; --bad: #b03a00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --soft: #a3afbd; --line: #38424e;
          --card: #222a33; --page: #161b21; --accent: #56b4e9; --good: #35c79b; --bad: #ff9a5c; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--ink);
          font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
        h2 { font-size: 1.3rem; margin: 2.8rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
        p { max-width: 46rem; }
        """

    static let text = base + "\n" + report

    private static let report = """
        .lead, .soft, figcaption, caption { color: var(--soft); }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.4rem, 1fr)); gap: .8rem; margin: 1.2rem 0;
          padding: 0; list-style: none; }
        .cards li { background: var(--card); border-radius: .6rem; padding: .8rem 1rem; }
        .cards b { display: block; font-size: 1.7rem; font-weight: 650; font-variant-numeric: tabular-nums; }
        .cards small { display: block; color: var(--soft); }
        .cards .interval { color: var(--ink); font-variant-numeric: tabular-nums; }
        .warning { border-left: .4rem solid var(--bad); padding: .4rem 1rem; background: var(--card); border-radius: .4rem; }
        .precision { color: var(--accent); font-weight: 600; } .recall { color: var(--bad); font-weight: 600; }
        h3 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
        a { color: var(--accent); }
        nav { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: 1rem 0; padding: .7rem 0; font-size: .92rem;
          border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
        nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
        .scroll { overflow-x: auto; max-width: 100%; }
        table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; font-size: .9rem;
          overflow-wrap: break-word; }
        caption { text-align: left; padding: .3rem 0; }
        th, td { padding: .32rem .65rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; white-space: normal; max-width: 11rem; }
        th:first-child { position: sticky; left: 0; background: var(--page); text-align: left; font-weight: 600; }
        tbody th, .words { text-align: left; white-space: normal; }
        tbody th { max-width: 20rem; }
        td.words { max-width: 26rem; }
        figure { margin: .6rem 0; }
        img { max-width: 100%; height: auto; border-radius: .4rem; background: #fff; }
        .scroll img { max-width: none; }
        .chart img { border: 1px solid var(--line); display: block; }
        .beside { display: flex; flex-wrap: wrap; gap: 0 2rem; align-items: flex-start; }
        .beside > * { min-width: 0; }
        .matrices { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .6rem 0; list-style: none; }
        .matrices li { width: 156px; }
        .matrices img { border-radius: 0; }
        .matrices figure { margin: 0; height: 100%; display: flex; flex-direction: column; justify-content: space-between; }
        .matrices figcaption { color: var(--ink); font-size: .9rem; font-weight: 600; line-height: 1.3; padding: .3rem 0; }
        .losses { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 1rem; padding: 0; list-style: none; }
        .losses li { background: var(--card); border-radius: .6rem; padding: .7rem; font-size: .88rem; }
        .losses img { display: block; width: 100%; height: 11rem; object-fit: contain; background: #0001; }
        .losses dl { margin: .5rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: .05rem .6rem; }
        .losses dt { color: var(--soft); } .losses dd { margin: 0; }
        @media (max-width: 30rem) {
          body { padding: 1rem .8rem 3rem; }
          tbody th { max-width: 9rem; } td.words { max-width: 14rem; }
          .losses { grid-template-columns: 1fr; gap: .6rem; }
          .losses li { display: flex; gap: .8rem; align-items: flex-start; }
          .losses li > :first-child:not(:only-child) { flex: 0 0 8.5rem; width: 8.5rem; height: 8.5rem; margin: 0; }
          .losses dl { margin: 0; }
        }
        summary { cursor: pointer; color: var(--accent); padding: .3rem 0; }
        .verdict { border-left: .4rem solid var(--soft); padding: .4rem 1rem; background: var(--card); border-radius: .4rem; }
        .passed { border-color: var(--good); } .failed { border-color: var(--bad); }
        @media print { body { max-width: none; } details > * { display: block; } h2 { break-after: avoid; } li, figure { break-inside: avoid; } }
        """
}

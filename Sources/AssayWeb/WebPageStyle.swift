extension WebPage {
    /// After the house's own.
    static let style = """
        .soft { color: var(--soft); }
        header p { margin: 0; }
        [hidden] { display: none !important; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.5rem 2.5rem; margin: 1.5rem 0 2.5rem;
          align-items: start; }
        .drop { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: .4rem; min-height: 11rem;
          padding: 1.5rem; text-align: center; cursor: pointer; background: var(--card); border: 2px dashed var(--soft);
          border-radius: .6rem; }
        .drop:hover, .drop.over { border-color: var(--accent); }
        .drop.over { border-style: solid; }
        .drop:focus-within { outline: 3px solid var(--accent); outline-offset: 3px; }
        .drop input { position: absolute; opacity: 0; width: 1px; height: 1px; }
        .drop.small { min-height: 0; padding: .9rem 1rem; }
        .button { color: var(--accent); text-decoration: underline; }
        figure { margin: 1rem 0 0; }
        figure img { display: block; max-width: 100%; max-height: 26rem; border-radius: .4rem; background: #0001; }
        figcaption { padding: .3rem 0; font-size: .9rem; }
        .answer { margin: 0 0 .4rem; padding: 0; border: 0; font-size: 1.6rem; line-height: 1.25; }
        #live { border-left: .4rem solid var(--line); border-radius: .4rem; background: var(--card); padding: .8rem 1rem; }
        #live p { margin: 0; }
        #live.sure { border-color: var(--good); } #live.unsure { border-color: var(--accent); }
        #live.error { border-color: var(--bad); }
        .scores { list-style: none; margin: 1.2rem 0 .6rem; padding: 0; }
        .scores li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1rem .8rem; margin: 0 0 .7rem; }
        .scores .figure { font-variant-numeric: tabular-nums; }
        .scores .predicted { font-weight: 650; }
        .bar { grid-column: 1 / -1; position: relative; height: .8rem; background: var(--card); border: 1px solid var(--line);
          border-radius: .25rem; }
        .fill { display: block; height: 100%; min-width: 1px; background: var(--soft); border-radius: .2rem 0 0 .2rem; }
        .predicted .fill { background: var(--good); }
        .tick { display: inline-block; width: 3px; background: var(--ink); box-shadow: 0 0 0 1px var(--page); }
        .bar .tick { position: absolute; top: -.2rem; bottom: -.2rem; margin-left: -1px; }
        #legend { font-size: .9rem; } #legend .tick { height: .9rem; vertical-align: -.1rem; margin: 0 .3rem 0 1px; }
        .heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        footer { border-top: 1px solid var(--line); padding-top: .8rem; font-size: .9rem; }
        footer dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .1rem .9rem; margin: 0; }
        footer dt { font-weight: 600; } footer dd { margin: 0; }
        .warning { border-left: .4rem solid var(--bad); padding: .4rem 1rem; background: var(--card); border-radius: .4rem; }
        @media (max-width: 44rem) {
          .columns { grid-template-columns: minmax(0, 1fr); }
          .drop { min-height: 8rem; } figure img { max-height: 18rem; }
          footer dl { grid-template-columns: minmax(0, 1fr); } footer dd { margin: 0 0 .4rem; }
        }
        @media (forced-colors: active) { .fill { background: Highlight; } .tick { background: CanvasText; } }

        """
}

import Report

/// The page to drop a photo on, part of the program. It holds no data: its script asks the API.
enum WebPage {
    /// What lies at a path.
    static func file(_ path: String) -> (type: String, text: String)? {
        switch path {
        case "/": ("text/html; charset=utf-8", markup)
        case "/style.css": ("text/css; charset=utf-8", StyleSheet.base + "\n" + style)
        case "/page.js": ("text/javascript; charset=utf-8", script)
        case "/icon.svg": ("image/svg+xml", icon)
        default: nil
        }
    }

    private static let markup = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>What does the model see?</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
        <link rel="stylesheet" href="/style.css"/>
        <script src="/page.js" defer></script>
        </head>
        <body>
        <header>
        <h1>What does the model see?</h1>
        <p class="soft">Give it a photo. It goes to this server and nowhere else.</p>
        </header>
        <main>
        <div class="columns">
        <div>
        <label class="drop" id="drop" for="file">
        <input type="file" id="file" accept="image/jpeg,image/png" aria-describedby="takes"/>
        <span><b>Drop a photo here</b>, paste one, or <span class="button">choose a file</span></span>
        <small class="soft" id="takes">JPEG or PNG</small>
        </label>
        <figure id="preview" hidden><img id="picture" alt=""/><figcaption class="soft" id="name"></figcaption></figure>
        </div>
        <section aria-labelledby="answer">
        <div aria-live="polite" aria-atomic="true" id="live"><h2 class="answer" id="answer">No photo yet</h2>
        <p id="detail">Its labels will stand here.</p></div>
        <ul class="scores" id="scores" aria-label="Every label's probability, the highest first"></ul>
        <p class="soft" id="legend" hidden><span class="tick" aria-hidden="true"></span> the threshold that a label must be above</p>
        </section>
        </div>
        <noscript><p class="warning">This page needs JavaScript. Without it: <code>curl --data-binary @photo.jpg</code>
        this address, followed by <code>predict</code>.</p></noscript>
        </main>
        <footer class="soft"><dl id="model"></dl></footer>
        </body>
        </html>

        """

    private static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0072b2"/>\
        <path d="M3 12V9m5 3V4m5 8V7" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/></svg>

        """
}

extension WebPage {
    /// Labels are strangers' text: they reach the page as text alone, never as markup.
    static let script = #"""
        "use strict";
        const byId = (id) => document.getElementById(id);
        const drop = byId("drop"), input = byId("file"), live = byId("live");
        let limit = Infinity, asked = 0, shown = "", waiting = null;

        // Control characters, and those that turn the direction of writing, are spelled out.
        const plain = (text) => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
          (c) => "\\u{" + c.charCodeAt(0).toString(16) + "}");

        function element(name, className, text) {
          const made = document.createElement(name);
          if (className) made.className = className;
          if (text !== undefined) made.textContent = text;
          return made;
        }

        function say(kind, headline, detail) {
          live.className = kind;
          byId("answer").textContent = headline;
          byId("detail").textContent = detail;
          document.title = headline;
        }

        // Never 1.000 for less than 1, nor the threshold's own figure for what is on one side of it.
        function figure(score) {
          if (score.probability < 1 && score.probability >= 0.9995 && score.threshold < 0.999) return "> 0.999";
          for (let digits = 3; digits < 17; digits++) {
            const text = score.probability.toFixed(digits);
            if ((Number(text) > score.threshold) === score.predicted && (Number(text) < 1 || score.probability >= 1)) return text;
          }
          return String(score.probability);
        }

        function row(score) {
          const item = element("li", score.predicted ? "predicted" : "");
          item.append(element("bdi", "", plain(score.label)));
          const value = element("span", "figure", (score.predicted ? "✓ " : "") + figure(score));
          value.append(element("span", "heard", (score.predicted ? ", predicted" : ", not predicted") +
            ", threshold " + score.threshold));
          const bar = element("span", "bar"), fill = element("span", "fill"), tick = element("span", "tick");
          bar.setAttribute("aria-hidden", "true");
          fill.style.width = 100 * score.probability + "%";
          tick.style.left = 100 * score.threshold + "%";
          bar.append(fill, tick);
          item.append(value, bar);
          return item;
        }

        function showScores(scores) {
          const sorted = [...scores].sort((a, b) => b.predicted - a.predicted || b.probability - a.probability);
          byId("scores").replaceChildren(...sorted.map(row));
          byId("legend").hidden = !sorted.length;
        }

        function showAnswer(reply) {
          if (reply.no_prediction) {
            say("unsure", "The model is not sure", plain(reply.message.replace(/^The model is not sure: n/, "N")));
          } else {
            const count = reply.labels.length;
            say("sure", reply.labels.map(plain).join(", "), count === 1 ? "One label is above its threshold."
              : count + " labels are above their thresholds.");
          }
          showScores(reply.scores);
        }

        function fail(sentence) {
          showScores([]);
          say("error", "No answer", sentence);
        }

        function preview(file) {
          if (shown) URL.revokeObjectURL(shown);
          shown = URL.createObjectURL(file);
          byId("name").textContent = plain(file.name || "pasted picture");
          byId("picture").alt = "The photo that was given: " + byId("name").textContent;
          byId("preview").hidden = true;
          byId("picture").onload = () => { byId("preview").hidden = false; drop.classList.add("small"); };
          byId("picture").src = shown;
        }

        const size = (bytes) => bytes >= 1e6 ? Math.floor(bytes / 1e5) / 10 + " MB" : bytes + " bytes";

        async function ask(file) {
          const mine = ++asked;
          if (waiting) waiting.abort();
          waiting = new AbortController();
          preview(file);
          if (file.size > limit) {
            return fail("The file is too large: it has " + size(file.size) + ", and at most " + size(limit) + " are taken.");
          }
          showScores([]);
          say("", "Looking…", "");
          let reply, isGood;
          try {
            const response = await fetch("/predict", {
              method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, signal: waiting.signal,
            });
            isGood = response.ok;
            reply = await response.json();
          } catch {
            if (mine === asked) fail("The server does not answer. Is assay serve still running?");
            return;
          }
          if (mine !== asked) return;
          if (isGood) showAnswer(reply); else fail(plain(reply.error));
        }

        function take(files) {
          const list = [...files];
          if (list.length > 1) return fail("That was " + list.length + " files; give one photo at a time.");
          if (list.length === 1) ask(list[0]);
        }

        input.addEventListener("change", () => { take(input.files); input.value = ""; });
        // A photo that misses the zone must not replace the page.
        for (const type of ["dragover", "dragleave", "drop"]) {
          window.addEventListener(type, (event) => {
            event.preventDefault();
            drop.classList.toggle("over", type === "dragover");
            if (type !== "drop") return;
            if (event.dataTransfer.files.length) take(event.dataTransfer.files);
            else fail("That was no file. Save the picture first, and drop its file here.");
          });
        }
        window.addEventListener("paste", (event) => take(event.clipboardData.files));

        function fact(name, text) { byId("model").append(element("dt", "", name), element("dd", "", plain(text))); }

        async function describe() {
          const model = await (await fetch("/model")).json();
          limit = model.maximum_bytes;
          byId("takes").textContent = "JPEG or PNG, up to " + size(limit);
          const how = model.preprocessing;
          const cut = how.resize_to === how.size ? "" : ", of which the middle " + how.size + " is kept";
          const same = model.thresholds.every((value) => value === model.thresholds[0]);
          fact("Model", model.name + (model.is_bundle ? ", a verified bundle" : ""));
          fact("Network", model.architecture + ", weights " + String(model.weights_sha256).slice(0, 12));
          fact("Labels", model.labels.join(", "));
          fact("Thresholds", same ? String(model.thresholds[0]) : "one for each label");
          fact("Photos", "each " + { squish: "squished", crop: "cropped", pad: "padded" }[how.resize] + " to a square of " +
            how.resize_to + " pixels" + cut);
        }
        describe().catch(() => fail("The server does not answer. Is assay serve still running?"));

        """#
}

"""Turns the notebook's printed predictions into tables: python parse.py WALKTHROUGH.txt, in this folder.

The two top-loss tables print target, predicted, probabilities and loss; the manual tests print what `learn.predict`
returned. Probabilities stay as printed, since their digits are what the printed loss is checked against.
"""
import csv
import re
import sys

FIRST = ["-", "Cloth", "Gas", "KN95", "Medical", "No_mask!", "Shield", "Surgical"]
SECOND = FIRST[:7]
text = open(sys.argv[1], encoding="utf-8").read()


def write(name, header, rows):
    with open(name, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def decoded(values, vocab):
    return ";".join(label for label, value in zip(vocab, values) if float(value) > 0.5)


def top_losses(name, vocab, rows):
    """A row's words are target and predicted; where one is empty, the printed decoding says which."""
    predictions, labels, losses = [], [], []
    for rank, words, values, loss in rows:
        values = [v.strip() for v in values.split(",")]
        assert len(values) == len(vocab), (rank, values)
        words = words.split()
        said = decoded(values, vocab)
        if len(words) == 2:
            target, predicted = words
        elif len(words) == 1:
            target, predicted = (words[0], "") if said == "" else ("", words[0])
        else:
            target = predicted = ""
        assert predicted == said, (rank, words, said)
        fname = f"rank{int(rank):02d}"
        predictions.append([fname, *values])
        labels.append([fname, target])
        losses.append([fname, loss, predicted])
    write(f"{name}.predictions.csv", ["fname", *vocab], predictions)
    write(f"{name}.labels.csv", ["fname", "labels"], labels)
    write(f"{name}.losses.csv", ["fname", "loss", "predicted"], losses)
    print(name, len(rows))


def manual(name, vocab, items):
    predictions, labels = [], []
    for fname, printed, values in items:
        values = [v.strip() for v in values.split(",")]
        assert len(values) == len(vocab), fname
        predictions.append([fname, *values])
        labels.append([fname, ";".join(re.findall(r"'([^']*)'", printed))])
    write(f"{name}.predictions.csv", ["fname", *vocab], predictions)
    write(f"{name}.labels.csv", ["fname", "labels"], labels)
    print(name, len(items))


row = re.compile(r"^(\d+) (.*?) ?tensor\(\[([^\]]*)\]\) ([\d.]+)$", re.M)
cut = text.index("Second Try")
top_losses("first-try-top-losses", FIRST, row.findall(text[:cut]))
top_losses("second-try-top-losses", SECOND, row.findall(text[cut:]))

line = re.compile(r"^(\S+) \(\(#\d+\) \[([^\]]*)\], tensor\(\[[^\]]*\]\), tensor\(\[([^\]]*)\]\)\)$", re.M)
items, folder, names = [], "", set()
for fname, printed, values in line.findall(text[:cut]):
    # The loops print file names alone; NEW starts at 0.jpg and NEU at the second f.jpg.
    if fname == "0.jpg":
        folder = "NEW/"
    elif fname == "f.jpg" and folder == "NEW/":
        folder = "NEU/"
    items.append((folder + fname, printed, values))
manual("first-try-manual", FIRST, items)
call = re.compile(r"learn0\.predict\('([^']*)'\)\n\(\(#\d+\) \[([^\]]*)\],\s*tensor\(\[[^\]]*\]\),\s*tensor\(\[([^\]]*)\]\)\)")
manual("second-try-manual", SECOND, call.findall(text[cut:]))

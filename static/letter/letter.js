/* Lays each letter out on sheets of paper, before it is printed.

   Why here: builds of wkhtmltopdf without patched Qt print no headers and footers, do
   not repeat the head of a table and cut its rows. The script is old JavaScript, as the
   browser inside wkhtmltopdf is.

   How: the text is measured as it stands, in one long column. Then its units (rows,
   paragraphs, whatever is not to be cut) move to sheets, in copies of the elements
   around them; a table goes on under a copy of its head. */
(function () {
    "use strict";

    var FIRST_HEIGHT = 1076;
    var NEXT_HEIGHT = 1490;

    /* What is not much too long for one sheet is set tighter, as little as it takes. */
    var TIGHT_FROM = 1.6;
    var TIGHTER = [" tight", " tight tighter"];

    /* Of more rows, a second sheet is easier to read than small letters. */
    var TIGHTER_ROWS = 24;

    /* So many paragraphs go with the signature to another sheet. */
    var CLOSING = 3;

    function matches(element, name) {
        return (" " + element.className + " ").indexOf(" " + name + " ") >= 0;
    }

    /* Units in the order of the text. */
    function collect(element, units) {
        var children = Array.prototype.slice.call(element.children);
        children.forEach(function (child) {
            var tag = child.tagName;
            if (tag === "THEAD") {
                return;
            }
            var opened =
                !matches(child, "keep") &&
                /^(TABLE|TBODY|DIV|SECTION|UL|OL)$/.test(tag) &&
                child.children.length &&
                !hasOwnText(child);
            if (opened) {
                collect(child, units);
            } else {
                units.push(child);
            }
        });
        return units;
    }

    /* Text between the children would be lost if only they moved. */
    function hasOwnText(element) {
        return Array.prototype.some.call(element.childNodes, function (node) {
            return node.nodeType === 3 && node.nodeValue.trim();
        });
    }

    function closestTable(element) {
        while (element && element.tagName !== "TABLE") {
            element = element.parentNode;
        }
        return element && element.tHead ? element : null;
    }

    function measure(units) {
        return units.map(function (unit) {
            var box = unit.getBoundingClientRect();
            var table = unit.tagName === "TR" ? closestTable(unit) : null;
            return {
                node: unit,
                top: box.top,
                bottom: box.bottom,
                head: table ? table.tHead.getBoundingClientRect().height : 0,
                joined: matches(unit, "joined"),
            };
        });
    }

    /* A signature alone on its sheet, or under the closing words only, proves little:
       the paragraphs before go along, as far as they are no table. */
    function joinLast(boxes) {
        var last = boxes.length - 1;
        if (!boxes.length || !boxes[last].joined) {
            return;
        }
        for (var index = last - 1; index > 1 && index > last - 1 - CLOSING; index--) {
            if (boxes[index].node.tagName === "TR") {
                break;
            }
            boxes[index].joined = true;
        }
    }

    /* Whether a letter is too long for one sheet, but not by much. */
    function isTooLong(boxes) {
        var height = boxes[boxes.length - 1].bottom - boxes[0].top;
        return height > FIRST_HEIGHT && height <= FIRST_HEIGHT * TIGHT_FROM;
    }

    function countRows(boxes) {
        return boxes.filter(function (box) {
            return box.node.tagName === "TR";
        }).length;
    }

    /* Where each sheet begins, as indices of the units. */
    function breakUp(boxes) {
        var starts = [0];
        var height = FIRST_HEIGHT;
        var from = boxes.length ? boxes[0].top : 0;
        for (var index = 1; index < boxes.length; index++) {
            if (boxes[index].bottom - from <= height) {
                continue;
            }
            var last = starts[starts.length - 1];
            var start = index;
            while (start > last + 1 && boxes[start].joined) {
                start--;
            }
            start = boxes[start].joined ? index : start;
            starts.push(start);
            from = boxes[start].top - boxes[start].head;
            height = NEXT_HEIGHT;
            index = Math.max(index - 1, start);
        }
        return starts;
    }

    /* Move units into a column, within copies of the elements around them. */
    function fill(column, flow, boxes) {
        var chain = [];
        boxes.forEach(function (box) {
            var path = [];
            for (var node = box.node.parentNode; node !== flow; node = node.parentNode) {
                path.unshift(node);
            }
            var depth = 0;
            while (depth < path.length && chain[depth] && chain[depth].from === path[depth]) {
                depth++;
            }
            chain.length = depth;
            path.slice(depth).forEach(function (from) {
                var parent = chain.length ? chain[chain.length - 1].to : column;
                var to = from.cloneNode(false);
                if (from.tagName === "TABLE" && from.tHead) {
                    to.appendChild(from.tHead.cloneNode(true));
                }
                parent.appendChild(to);
                chain.push({from: from, to: to});
            });
            (chain.length ? chain[chain.length - 1].to : column).appendChild(
                box.node.cloneNode(true)
            );
        });
    }

    function newSheet(letter, number) {
        var sheet = document.createElement("div");
        sheet.className = number ? "sheet next" : "sheet";
        Array.prototype.slice.call(letter.children).forEach(function (part) {
            var wanted = matches(part, "every") || matches(part, number ? "later" : "first");
            if (wanted) {
                sheet.appendChild(part.cloneNode(true));
            }
        });
        return sheet;
    }

    function plan(letter) {
        var flow = letter.querySelector(".flow");
        var boxes = measure(collect(flow, []));
        joinLast(boxes);
        return {letter: letter, flow: flow, boxes: boxes, starts: breakUp(boxes)};
    }

    function build(found) {
        var sheets = document.createDocumentFragment();
        found.starts.forEach(function (start, number) {
            var sheet = newSheet(found.letter, number);
            var column = found.flow.cloneNode(false);
            var boxes = found.boxes.slice(start, found.starts[number + 1]);
            fill(column, found.flow, boxes);
            sheet.appendChild(column);
            if (boxes.length === 1 && boxes[0].bottom - boxes[0].top > NEXT_HEIGHT) {
                sheet.className += " long";
            }
            var page = sheet.querySelector(".page");
            page.textContent = page.textContent
                .replace("{page}", number + 1)
                .replace("{pages}", found.starts.length);
            sheets.appendChild(sheet);
        });
        return sheets;
    }

    /* Set tighter what then fits one sheet. What does not is laid out as it was: its
       units are where they were measured. */
    function tighten(plans) {
        TIGHTER.forEach(function (names, step) {
            var long = plans.filter(function (found) {
                return (
                    found.starts.length > 1 &&
                    isTooLong(found.boxes) &&
                    (!step || countRows(found.boxes) <= TIGHTER_ROWS)
                );
            });
            long.forEach(function (found) {
                found.flow.className += names;
            });
            var tight = long.map(function (found) {
                return plan(found.letter);
            });
            long.forEach(function (found, index) {
                if (tight[index].starts.length === 1) {
                    plans[plans.indexOf(found)] = tight[index];
                } else {
                    found.flow.className = found.flow.className.replace(names, "");
                }
            });
        });
        return plans;
    }

    /* Everything is measured before anything moves: measuring anew takes time. */
    var letters = Array.prototype.slice.call(document.querySelectorAll(".letter"));
    tighten(letters.map(plan)).forEach(function (found) {
        found.letter.parentNode.replaceChild(build(found), found.letter);
    });
})();

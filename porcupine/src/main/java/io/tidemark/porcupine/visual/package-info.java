/// Reports as one web page that needs no network.
///
/// **Promises** a page that shows a hundred thousand operations smoothly and starts with the
/// minimal counterexample. **Never** decides anything: it shows what a
/// [io.tidemark.porcupine.Report] says. Any thread may use it. Start reading at [HtmlReport]; the
/// page itself is `viewer.html`, `.css` and `.js` in the resources.
@NullMarked
package io.tidemark.porcupine.visual;

import org.jspecify.annotations.NullMarked;

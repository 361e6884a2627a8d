/** The operations document as Markdown and as one self-contained HTML page. */
@NullMarked
package io.lakeops.report.pages;

import org.jspecify.annotations.NullMarked;

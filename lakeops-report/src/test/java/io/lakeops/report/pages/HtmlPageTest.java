package io.lakeops.report.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.report.Deliverable;
import io.lakeops.report.OperationsReport;
import io.lakeops.report.Section;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlPageTest {
    @Test
    void the_page_is_well_formed_and_refers_to_nothing_outside_itself() throws Exception {
        String html = HtmlPage.of(SampleReport.report());
        Document page = parse(html);

        Set<String> ids = new HashSet<>();
        List<String> links = new ArrayList<>();
        for (Element element : elements(page)) {
            assertThat(element.getTagName()).isNotIn("script", "link", "img", "iframe", "object", "embed");
            NamedNodeMap attributes = element.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) {
                Attr attribute = (Attr) attributes.item(i);
                assertThat(attribute.getName()).isNotEqualTo("src").doesNotStartWith("on");
                if (attribute.getName().equals("href")) {
                    assertThat(attribute.getValue()).startsWith("#");
                    links.add(attribute.getValue().substring(1));
                }
                if (attribute.getName().equals("id")) {
                    assertThat(ids.add(attribute.getValue()))
                            .as(attribute.getValue())
                            .isTrue();
                }
            }
        }
        assertThat(links).isNotEmpty().allMatch(ids::contains);
        assertThat(html).doesNotContain("http:", "https:", "url(", "@import");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "</style><img src=x onerror=alert(1)>",
                "\" onmouseover=\"alert(1)",
                "' autofocus onfocus='alert(1)",
                "]]> <!-- & &amp; -->",
                "nul \0 bell \7 lone \uD800 end \uFFFF",
                "\u202Eturned"
            })
    void hostile_text_shows_as_text(String hostile) throws Exception {
        OperationsReport report = SampleReport.hostile(hostile);
        OperationsReport plain = SampleReport.hostile("plain");

        List<String> tags = new ArrayList<>();
        elements(parse(HtmlPage.of(report))).forEach(e -> tags.add(describe(e)));
        List<String> expected = new ArrayList<>();
        elements(parse(HtmlPage.of(plain))).forEach(e -> expected.add(describe(e)));

        assertThat(tags).isEqualTo(expected);
    }

    @Test
    void text_with_markup_reads_back_as_it_was() throws Exception {
        String text = "a < b && c > \"d\" 'e' <b>\u00e9\ud83d\ude00</b>";
        Document page = parse(HtmlPage.of(SampleReport.hostile(text)));
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo(text);
        assertThat(page.getElementsByTagName("code").item(0).getTextContent()).isEqualTo(text);
    }

    @Test
    void the_same_model_gives_the_same_page_in_every_language() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            String german = HtmlPage.of(SampleReport.report());
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(HtmlPage.of(SampleReport.report())).isEqualTo(german);
            assertThat(german).contains("46.4 MiB", "233,345 rows", "5 April 2024, 02:00 UTC");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_failed_expectation_is_seen_at_the_top() throws Exception {
        String html = HtmlPage.of(SampleReport.report());
        assertThat(html).contains("1 expectation did not hold", "class=\"verdict bad\"", "3 / 4");
    }

    @Test
    void a_part_without_evidence_says_so() {
        OperationsReport report = new OperationsReport(
                "t",
                List.of(),
                Instant.EPOCH,
                List.of(),
                List.of(new Section(Deliverable.RECOVERY, List.of(), List.of(), List.of())));
        assertThat(HtmlPage.of(report)).contains("Still thin.", "nothing was run for this part");
        assertThat(MarkdownPage.of(report)).contains("**Thin:** nothing was run for this part");
    }

    private static String describe(Element element) {
        List<String> names = new ArrayList<>();
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            // A long value only sets a class.
            if (!attributes.item(i).getNodeName().equals("class")) {
                names.add(attributes.item(i).getNodeName());
            }
        }
        return element.getTagName() + names;
    }

    private static List<Element> elements(Document page) {
        NodeList all = page.getElementsByTagName("*");
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            elements.add((Element) all.item(i));
        }
        return elements;
    }

    private static Document parse(String html) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new InputSource(new StringReader(html)));
    }
}

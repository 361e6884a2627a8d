package io.lakeops.formats;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A look at the parts of a workbook before it is opened: they unpack to no more than the bounds, by counting what comes out
 * and not by what the archive claims.
 *
 * @param dates1904 whether days are counted from 1904
 */
record XlsxParts(boolean dates1904) {
    /** All parts together, which are streamed. */
    static final long MAX_BYTES = 1L << 30;
    /** The shared texts and any other part that is held in memory. */
    static final long MAX_HELD_BYTES = 128L << 20;
    /** A part that is larger than this may not be more than {@link #MAX_RATIO} times its packed size. */
    static final long RATIO_FROM_BYTES = 16L << 20;

    static final long MAX_RATIO = 200;

    static XlsxParts look(Path file) throws IOException {
        long fileBytes = Files.size(file);
        if (fileBytes == 0) {
            throw new LakeException(
                    ErrorCode.SOURCE_EMPTY, "the file has no bytes", Map.of("file", file.getFileName()));
        }
        refuseOldWorkbook(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long total = 0;
            ZipEntry workbook = null;
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".xml") || entry.getName().endsWith(".rels")) {
                    total += unpack(zip, entry, total, file);
                }
                if (entry.getName().endsWith("workbook.xml")) {
                    workbook = entry;
                }
            }
            if (workbook == null) {
                throw unreadable(file, "the archive holds no workbook");
            }
            return new XlsxParts(dates1904(zip, workbook));
        } catch (ZipException | XMLStreamException e) {
            throw new LakeException(
                    ErrorCode.SOURCE_UNREADABLE,
                    "not a whole XLSX file: " + e.getMessage(),
                    Map.of("file", file.getFileName()),
                    e);
        }
    }

    /** The two bytes that OLE2 files (old or encrypted workbooks) begin with are not those of a zip archive. */
    private static void refuseOldWorkbook(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(2);
            if (head.length == 2 && (head[0] & 0xff) == 0xd0 && (head[1] & 0xff) == 0xcf) {
                throw unreadable(file, "an old .xls workbook, or an encrypted one");
            }
        }
    }

    private static long unpack(ZipFile zip, ZipEntry entry, long before, Path file) throws IOException {
        boolean streamed = entry.getName().contains("worksheets/");
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (before + bytes > MAX_BYTES || (!streamed && bytes > MAX_HELD_BYTES)) {
                    throw unreadable(file, "the part " + entry.getName() + " unpacks to more than " + bytes + " bytes");
                }
                if (bytes > RATIO_FROM_BYTES && bytes / MAX_RATIO > entry.getCompressedSize()) {
                    throw unreadable(
                            file,
                            "the part " + entry.getName() + " unpacks to more than " + MAX_RATIO
                                    + " times its size, as a zip bomb does");
                }
            }
        }
        return bytes;
    }

    /** The reader knows {@code date1904="true"} alone; Excel writes {@code "1"}. */
    private static boolean dates1904(ZipFile zip, ZipEntry workbook) throws IOException, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = zip.getInputStream(workbook)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("workbookPr")) {
                    String value = xml.getAttributeValue(null, "date1904");
                    return "1".equals(value) || "true".equals(value);
                }
            }
            return false;
        }
    }

    private static LakeException unreadable(Path file, String problem) {
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE,
                "not a readable XLSX file: " + problem,
                Map.of("file", file.getFileName()));
    }
}

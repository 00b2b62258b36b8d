package io.tidemark.devs3;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// The XML that S3 speaks: written as text, read without anything that could reach outside.
final class Xml {
  private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

  private final StringBuilder text = new StringBuilder(DECLARATION);
  private final List<String> open = new ArrayList<>();

  /// An answer whose outermost element has the namespace of S3.
  static Xml answer(String root) {
    var xml = new Xml();
    xml.text.append('<').append(root).append(" xmlns=\"").append(NAMESPACE).append("\">");
    xml.open.add(root);
    return xml;
  }

  /// An answer whose outermost element is bare.
  static Xml bare(String root) {
    return new Xml().open(root);
  }

  Xml open(String element) {
    text.append('<').append(element).append('>');
    open.add(element);
    return this;
  }

  Xml close() {
    text.append("</").append(open.removeLast()).append('>');
    return this;
  }

  Xml element(String name, String value) {
    text.append('<').append(name).append('>');
    escape(value);
    text.append("</").append(name).append('>');
    return this;
  }

  /// Closes what is open.
  String end() {
    while (!open.isEmpty()) {
      close();
    }
    return text.toString();
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        case '"' -> text.append("&quot;");
        default -> {
          if (c < 0x20) {
            text.append("&#").append((int) c).append(';');
          } else {
            text.append(c);
          }
        }
      }
    }
  }

  /// What a request to delete asks for.
  ///
  /// @param quiet whether only failures are told
  record Deletion(List<String> keys, boolean quiet) {}

  static Deletion readDeletion(byte[] body) {
    var keys = new ArrayList<String>();
    boolean quiet = false;
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(body));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT) {
          switch (reader.getLocalName()) {
            case "Key" -> keys.add(reader.getElementText());
            case "Quiet" -> quiet = reader.getElementText().strip().equals("true");
            case "Delete", "Object" -> {}
            default ->
                throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED,
                    "An object to delete cannot have a " + reader.getLocalName() + " here.");
          }
        }
      }
    } catch (XMLStreamException wrong) {
      throw new S3Exception(S3Error.MALFORMED_XML);
    }
    return new Deletion(keys, quiet);
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }
}

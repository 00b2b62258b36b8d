package io.tidemark.devs3;

import java.time.Instant;
import java.util.function.UnaryOperator;

/// A page of keys as XML.
final class ListXml {
  private ListXml() {}

  static String write(S3Request request, Listing.Query query, Listing page) {
    boolean isEncoded = request.parameter("encoding-type").orElse("").equals("url");
    UnaryOperator<String> coded = text -> isEncoded ? Encoding.percent(text, "/") : text;
    Xml xml =
        Xml.answer("ListBucketResult")
            .element("Name", request.bucket())
            .element("Prefix", coded.apply(query.prefix().utf8()))
            .element("MaxKeys", Integer.toString(query.keysMax()))
            .element(
                "KeyCount", Integer.toString(page.objects().size() + page.commonPrefixes().size()))
            .element("IsTruncated", Boolean.toString(page.next().isPresent()));
    if (isEncoded) {
      xml.element("EncodingType", "url");
    }
    if (!query.delimiter().isEmpty()) {
      xml.element("Delimiter", coded.apply(query.delimiter().utf8()));
    }
    if (!query.startAfter().isEmpty()) {
      xml.element("StartAfter", coded.apply(query.startAfter().utf8()));
    }
    if (!query.token().isEmpty()) {
      xml.element("ContinuationToken", query.token());
    }
    page.next().ifPresent(next -> xml.element("NextContinuationToken", next));
    for (ObjectInfo info : page.objects()) {
      xml.open("Contents")
          .element("Key", coded.apply(info.key().utf8()))
          .element("LastModified", Instant.ofEpochMilli(info.modifiedMillis()).toString())
          .element("ETag", S3Service.quoted(info.etag()))
          .element("Size", Long.toString(info.length()))
          .element("StorageClass", info.headers().getOrDefault("x-amz-storage-class", "STANDARD"))
          .close();
    }
    for (String prefix : page.commonPrefixes()) {
      xml.open("CommonPrefixes").element("Prefix", coded.apply(prefix)).close();
    }
    return xml.end();
  }
}

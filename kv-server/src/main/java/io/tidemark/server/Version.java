package io.tidemark.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this program.
public final class Version {
  /// As in `1.2.3`.
  public static final String CURRENT = load();

  private Version() {}

  private static String load() {
    try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
      var properties = new Properties();
      if (file != null) {
        properties.load(file);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}

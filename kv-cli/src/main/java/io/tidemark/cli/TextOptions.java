package io.tidemark.cli;

import io.tidemark.base.Bytes;
import java.util.Base64;
import java.util.HexFormat;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// How bytes are written as text, on the command line and in the output.
final class TextOptions {
  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private Form form = new Form();

  /// One of the two at most.
  static final class Form {
    @Option(
        names = "--hex",
        description = "Keys and values are written in hexadecimal, here and in the output.")
    private boolean hex;

    @Option(
        names = "--base64",
        description = "Keys and values are written in base64, here and in the output.")
    private boolean base64;
  }

  /// The bytes that an argument means.
  Bytes bytes(String argument) {
    try {
      if (form.hex) {
        return Bytes.wrap(HexFormat.of().parseHex(argument));
      } else if (form.base64) {
        return Bytes.wrap(Base64.getDecoder().decode(argument));
      }
      return Bytes.utf8(argument);
    } catch (IllegalArgumentException wrong) {
      throw new ClientCommand.Usage(
          "'" + argument + "' is not " + (form.hex ? "hexadecimal" : "base64"));
    }
  }

  /// The bytes as people read them: as text where they are text, otherwise `0x` and hexadecimal.
  String text(Bytes bytes) {
    if (form.hex) {
      return HexFormat.of().formatHex(bytes.unsafeArray());
    } else if (form.base64) {
      return Base64.getEncoder().encodeToString(bytes.unsafeArray());
    }
    return Utf8.printable(bytes).orElseGet(() -> "0x" + hex(bytes));
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.unsafeArray());
  }
}

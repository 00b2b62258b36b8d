package io.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.s3.S3Options;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogAddressTest {
  @Test
  void everyFormIsUnderstood() {
    assertThat(LogAddress.parse("memory:")).isEqualTo(new LogAddress.Memory());
    assertThat(LogAddress.parse("journal:/var/lib/a:b"))
        .isEqualTo(new LogAddress.Journal(Path.of("/var/lib/a:b")));
    assertThat(LogAddress.parse("remote:log.example:4380"))
        .isEqualTo(new LogAddress.Remote("log.example", 4380));
    assertThat(LogAddress.parse("remote:[::1]:4380")).isEqualTo(new LogAddress.Remote("::1", 4380));
    assertThat(LogAddress.parse("s3://bucket/some/db/"))
        .isEqualTo(new LogAddress.S3("bucket", "some/db", S3Options.DEFAULT));
    assertThat(LogAddress.parse("s3://bucket"))
        .isEqualTo(new LogAddress.S3("bucket", "", S3Options.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory:",
        "journal:./data",
        "remote:h:1",
        "remote:[fe80::1]:65535",
        "s3://b.c-d/e",
        "s3://bucket"
      })
  void anAddressIsWrittenAsItIsRead(String text) {
    assertThat(LogAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://",
        "s3://B/x",
        "s3://ab",
        "s3://bucket//x",
        "s3://bucket/a b",
        "s3://bucket/\u00fc"
      })
  void namesThatNoBucketOrKeyHasAreRefused(String text) {
    assertThatThrownBy(() -> LogAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("a (bucket's name|prefix) is .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "memory",
        "memory:x",
        "journal:",
        "journal",
        "remote:",
        "remote:h",
        "remote:h:",
        "remote::1",
        "remote:h:0",
        "remote:h:65536",
        "remote:h:x",
        "remote:::1:4380",
        "s4:bucket",
        "s3:bucket"
      })
  void anythingElseIsRefusedWithAHint(String text) {
    assertThatThrownBy(() -> LogAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(".*(memory:, journal:DIRECTORY, remote:HOST:PORT|host and a port).*");
  }
}

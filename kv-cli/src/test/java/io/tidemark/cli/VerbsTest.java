package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerbsTest {
  private final Shell shell = new Shell(1);

  @AfterEach
  void close() {
    shell.close();
  }

  /// Runs a transcript: each line that begins with `$ ` is a command (`'` and `"` quote), the lines
  /// after it are what it says on standard output, then on standard error; `? N` is an exit code
  /// other than zero.
  private void transcript(String expected) {
    var actual = new StringBuilder();
    for (String line : expected.lines().toList()) {
      if (line.startsWith("$ ")) {
        var ran = shell.run(Words.of(line.substring(2)));
        actual.append(line).append('\n').append(ran.out()).append(ran.err());
        if (ran.code() != 0) {
          actual.append("? ").append(ran.code()).append('\n');
        }
      }
    }
    assertThat(actual.toString()).isEqualTo(expected);
  }

  @Test
  void onePairFromItsBirthToItsEnd() {
    transcript(
        """
        $ put tide high
        ok, revision 6
        $ get tide
        high
        $ get tide -o table
        KEY   CREATED  MODIFIED  VERSION  VALUE
        tide  6        6         1        high
        $ get tide -o json
        {"key":"tide","value":"high","create_revision":6,"modify_revision":6,"version":1}
        $ put tide low -o json
        {"revision":12}
        $ get tide --consistency local
        low
        $ del tide
        deleted 1, revision 18
        $ get tide
        tidemark: no such key: tide
        ? 3
        $ del tide
        deleted 0, revision 24
        ? 3
        """);
  }

  @Test
  void scansAndRanges() {
    transcript(
        """
        $ put a1 one -o raw
        6
        $ put a2 two -o raw
        12
        $ put b1 "three words" -o raw
        18
        $ scan
        KEY  CREATED  MODIFIED  VERSION  VALUE
        a1   6        6         1        one
        a2   12       12        1        two
        b1   18       18        1        three words
        $ scan a --keys-only
        KEY  CREATED  MODIFIED  VERSION
        a1   6        6         1
        a2   12       12        1
        $ scan --from a2 --to b1 -o raw
        a2\ttwo
        $ scan --reverse --limit 1 -o raw
        b1\tthree words
        tidemark: --limit reached, more keys follow
        $ scan none
        KEY  CREATED  MODIFIED  VERSION  VALUE
        $ scan a --from b
        tidemark: give a PREFIX, or --from and --to, not both
        ? 2
        $ del --range a2 b2
        deleted 2, revision 24
        $ del --prefix a -o json
        {"revision":30,"deleted":1}
        $ del --prefix a
        deleted 0, revision 36
        """);
  }

  @Test
  void transactions() {
    transcript(
        """
        $ txn --if 'missing lock' --then 'put lock "all mine"' --then 'get lock' --else 'get lock'
        conditions held, revision 6
        1: ok
        2: lock = all mine
        $ txn --if 'missing lock' --then 'put lock b' --else 'get lock' --else 'get none'
        conditions did not hold, revision 12
        1: lock = all mine
        2: no such key
        ? 4
        $ txn --if 'value lock = "all mine"' --if 'version lock < 2' --then 'del lock' -o json
        {"succeeded":true,"revision":18,"answers":[{"deleted":1}]}
        $ txn --if 'value lock ~ x' --then 'get lock'
        tidemark: 'value lock ~ x': '~' is none of = != < >
        ? 2
        $ txn --then 'put lock'
        tidemark: 'put lock': put takes 2 words after it
        ? 2
        $ txn
        tidemark: give --if, --then and --else, or - for JSON on standard input
        ? 2
        """);
  }

  @Test
  void aTransactionAsJson() {
    shell.run("put tide high");
    var held =
        shell.runWith(
            """
            {"conditions": [{"test": "value", "key": "tide", "is": "=", "operand_b64": "aGlnaA=="},
                            {"test": "version", "key": "tide", "is": "=", "operand": 1}],
             "then": [{"op": "put", "key": "tide", "value": "low"}, {"op": "get", "key": "tide"}],
             "else": []}
            """
                .getBytes(StandardCharsets.UTF_8),
            "txn",
            "-",
            "-o",
            "raw");
    assertThat(held.err()).isEmpty();
    assertThat(held.out()).isEqualTo("low\n");
    assertThat(held.code()).isZero();
    var wrong =
        shell.runWith(
            "{\"then\": [{\"op\": \"put\", \"key\": \"k\"}]}".getBytes(StandardCharsets.UTF_8),
            "txn",
            "-");
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err()).contains("\"value\" is missing");
    assertThat(shell.runWith("{\"then\": ".getBytes(StandardCharsets.UTF_8), "txn", "-").err())
        .contains("not JSON");
  }

  @Test
  void bytesThatAreNotText(@TempDir Path folder) throws Exception {
    byte[] binary = {0, -1, '\n', 7};
    Path file = Files.write(folder.resolve("value"), binary);
    assertThat(shell.run("put", "k", "--file", file.toString()).code()).isZero();
    assertThat(shell.run("get k -o raw").outBytes()).isEqualTo(Bytes.wrap(binary));
    assertThat(shell.run("get k").out()).isEqualTo("0x00ff0a07\n");
    assertThat(shell.run("get k -o json").out()).contains("\"value_b64\":\"AP8KBw==\"");
    assertThat(shell.runWith(binary, "put", "in", "-").code()).isZero();
    assertThat(shell.run("get in -o raw").outBytes()).isEqualTo(Bytes.wrap(binary));
    transcript(
        """
        $ put --hex 00ff cafe -o raw
        18
        $ get --base64 AP8=
        yv4=
        $ get --hex 0g
        tidemark: '0g' is not hexadecimal
        ? 2
        $ get --hex --base64 00
        tidemark: Error: --hex, --base64 are mutually exclusive (specify only one) \
        (see `tidemark get --help`)
        ? 2
        """);
  }

  @Test
  void aWrongCommandLineIsOneLineThatNamesWhatIsMeant() {
    var ran = shell.run("scan", "--revers");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("--revers").contains("--reverse");
    transcript(
        """
        $ get
        tidemark: Missing required parameter: 'KEY' (see `tidemark get --help`)
        ? 2
        $ get k --consistency strong
        tidemark: Invalid value for option '--consistency': 'strong' is none of \
        linearizable, local, at-least:REVISION (see `tidemark get --help`)
        ? 2
        $ get k --timeout 5
        tidemark: Invalid value for option '--timeout': '5' is not a time like \
        500ms, 5s or 1m (see `tidemark get --help`)
        ? 2
        $ scan --limit -1
        tidemark: --limit is not negative
        ? 2
        $ put k
        tidemark: give a VALUE (or - for standard input) or --file FILE, one of the two
        ? 2
        $ get k --endpoint nowhere
        tidemark: an endpoint is HOST:PORT, for example 127.0.0.1:4379, not "nowhere"
        ? 2
        """);
  }

  @Test
  void everyVerbsHelpTellsTheExitCodes() {
    for (String verb : ClientCommands.all(Streams.ofProcess()).keySet()) {
      if (!verb.equals("version")) {
        var help = Shell.runAsGiven(new byte[0], verb, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
            .as(verb)
            .contains("Usage: tidemark " + verb, "--endpoint", "Exit codes:", "outcome");
      }
    }
  }

  @Test
  void failuresOfTheDatabaseAreOneLineAndAnExitCode() {
    var empty = shell.run("put", "", "v");
    assertThat(empty.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(empty.err())
        .isEqualToIgnoringNewLines(
            "tidemark: Put: "
                + shell.cluster().endpoints().get(0)
                + ": the key is empty; nothing was done: change the request");
    shell.cluster().node(0).stop();
    var away = shell.run("put k v --timeout 1s");
    assertThat(away.code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(away.err())
        .startsWith("tidemark: Put: ")
        .contains("nothing was done")
        .hasLineCount(1);
    assertThat(shell.run("get k --timeout 1s").code()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(shell.run("scan --timeout 1s").code()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void theVersionIsTheOneThatWasBuilt() throws Exception {
    var ran = shell.run("version");
    assertThat(ran.out()).startsWith("tidemark " + VersionCommand.version() + " (Java ");
    assertThat(VersionCommand.version()).matches("\\d+\\.\\d+\\.\\d+.*");
  }
}

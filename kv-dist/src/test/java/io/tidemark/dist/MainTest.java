package io.tidemark.dist;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MainTest {
  private final StringWriter errors = new StringWriter();

  @Test
  void helpNamesEveryVerb() {
    var line = Main.commandLine(new String[] {"--help"});

    assertThat(line.getSubcommands())
        .containsOnlyKeys(
            "serve",
            "log-server",
            "checkpointer",
            "checkpoint",
            "restore",
            "fork",
            "dev",
            "put",
            "get",
            "del",
            "scan",
            "txn",
            "import",
            "export",
            "status",
            "bench",
            "verify",
            "version");
    assertThat(line.getUsageMessage().lines()).allMatch(text -> text.length() <= 80);
  }

  @Test
  void aVerbLoadsNoOther() {
    assertThat(Main.commandLine(new String[] {"get", "key"}).getSubcommands())
        .containsOnlyKeys("get");
    assertThat(Main.commandLine(new String[] {"serve"}).getSubcommands()).containsOnlyKeys("serve");
  }

  @Test
  void anUnknownVerbOrSettingNamesItsNearest() {
    assertThat(run("serv")).isEqualTo(2);
    assertThat(errors.toString()).contains("tidemark serve");

    assertThat(run("serve", "--dat", "x")).isEqualTo(2);
    assertThat(errors.toString()).contains("--data").hasLineCount(5);
  }

  @Test
  void settingsOfTheDevelopmentEndpointThatMakeNoSenseAreNamed() {
    assertThat(run("dev")).isEqualTo(2);
    assertThat(errors.toString()).contains("See 'tidemark dev --help'");
    assertThat(run("dev", "s3", "--access-key", "k")).isEqualTo(2);
    assertThat(errors.toString()).contains("--access-key and --secret-key belong together");
    assertThat(run("dev", "s3", "--listen", "127.0.0.1:0", "--bucket", "No")).isEqualTo(2);
    assertThat(errors.toString()).contains("'No' is no name for a bucket");
  }

  @Test
  void operatorsVerbsTellWhatIsMissing() {
    assertThat(run("checkpoint")).isEqualTo(2);
    assertThat(errors.toString()).contains("a verb is needed: save, list, verify or prune");
    assertThat(run("checkpoint", "list")).isEqualTo(2);
    assertThat(errors.toString()).contains("--checkpoints");
    assertThat(run("restore", "--to-newest", "--log=journal:x", "--into-checkpoints=y"))
        .isEqualTo(2);
    assertThat(errors.toString()).contains("--checkpoints or --from-log is needed");
    assertThat(run("checkpoint", "list", "--checkpoints", "missing", "-o", "json")).isEqualTo(1);
    assertThat(errors.toString()).contains("there is no such directory");
  }

  @Test
  void withoutAVerbItSaysThatOneIsNeeded() {
    assertThat(run()).isEqualTo(2);
    assertThat(errors.toString()).contains("a verb is needed");
  }

  @Test
  void nothingIsLoggedUntilAVerbSetsTheLogUp() {
    assertThat(((Logger) LoggerFactory.getLogger("io.grpc")).isErrorEnabled()).isFalse();
  }

  private int run(String... args) {
    var line = Main.commandLine(args);
    var err = new PrintWriter(errors, true);
    line.setErr(err);
    line.getSubcommands()
        .values()
        .forEach(verb -> {
          verb.setErr(err);
          verb.getSubcommands().values().forEach(tool -> tool.setErr(err));
        });
    return line.execute(args);
  }
}

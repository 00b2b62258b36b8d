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
    line.getSubcommands().values().forEach(verb -> verb.setErr(err));
    return line.execute(args);
  }
}

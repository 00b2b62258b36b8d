package io.tidemark.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

class SettingsTest {
  @TempDir Path directory;

  private final StringWriter errors = new StringWriter();

  @Test
  void theFlagWinsOverTheEnvironmentTheEnvironmentOverTheFileAndTheFileOverTheDefault()
      throws IOException {
    String file = "--config=" + file("tide-height=file\n");
    Map<String, String> environment = Map.of("TIDEMARK_TIDE_HEIGHT", "environment");

    assertThat(parse(environment, file, "--tide-height", "flag").height).isEqualTo("flag");
    assertThat(parse(environment, "--tide-height=flag", file).height).isEqualTo("flag");
    assertThat(parse(environment, file).height).isEqualTo("environment");
    assertThat(parse(Map.of(), file).height).isEqualTo("file");
    assertThat(parse(Map.of()).height).isEqualTo("default");
  }

  @Test
  void theFileMayBeNamedByTheEnvironmentAndByASeparateArgument() throws IOException {
    Path file = file("# the moon\ntide-height = file \n");

    assertThat(parse(Map.of("TIDEMARK_CONFIG", file.toString())).height).isEqualTo("file");
    assertThat(parse(Map.of(), "--config", file.toString()).height).isEqualTo("file");
  }

  @Test
  void theFileCountsForASubcommandToo() throws IOException {
    var root = new CommandLine(new Root());
    var shore = new Shore();
    root.addSubcommand(
        new CommandLine(
            CommandLine.Model.CommandSpec.forAnnotatedObject(shore)
                .preprocessor(new SettingsReader(Map.of()))));

    root.parseArgs("shore", "--config", file("tide-height=file").toString());

    assertThat(shore.height).isEqualTo("file");
  }

  @Test
  void anUnknownSettingInTheFileIsAnErrorThatNamesTheNearest() throws IOException {
    String file = "--config=" + file("tide-heigth=1");

    assertThatThrownBy(() -> parse(Map.of(), file))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("'tide-heigth'")
        .hasMessageContaining("did you mean 'tide-height'?");
  }

  @Test
  void anUnknownVariableIsAWarningThatNamesTheNearest() {
    parse(Map.of("TIDEMARK_TIDE_HIGHT", "1", "OTHER", "2"));

    assertThat(errors.toString())
        .isEqualToIgnoringNewLines(
            "warning: the environment has an unknown setting TIDEMARK_TIDE_HIGHT;"
                + " did you mean TIDEMARK_TIDE_HEIGHT?");
  }

  @Test
  void anUnreadableFileIsAnErrorThatNamesIt() {
    Path missing = directory.resolve("missing.properties");

    assertThatThrownBy(() -> parse(Map.of(), "--config", missing.toString()))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("cannot read the settings file " + missing);
  }

  @ParameterizedTest
  @CsvSource({
    "64MiB,67108864",
    "1,1",
    "0,0",
    "3 kib,3072",
    "1GiB,1073741824",
    "2TiB,2199023255552"
  })
  void sizesAreReadInBinaryUnits(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    assertThat(ByteSize.parse(ByteSize.parse(text).toString()).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "64MB", "-1", "1.5GiB", "9223372036854775807TiB", "64 M"})
  void whatIsNoSizeIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"5s,PT5S", "100ms,PT0.1S", "2m,PT2M", "1 h,PT1H"})
  void durationsAreReadWithTheirUnit(String text, Duration duration) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "0s", "5 days"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1:4379,127.0.0.1,4379", "[::1]:0,::1,0", "localhost:65535,localhost,65535"})
  void addressesAreAHostAndAPort(String text, String host, int port) {
    assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4379", ":4379", "host", "host:", "host:65536", "::1:80", "host:-1"})
  void whatIsNoAddressIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> HostPort.parse(text)).hasMessageContaining("'" + text + "'");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("tidemark.properties"), content);
  }

  private Shore parse(Map<String, String> environment, String... arguments) {
    var shore = new Shore();
    var command = new CommandLine(shore).setErr(new PrintWriter(errors, true));
    command.getCommandSpec().preprocessor(new SettingsReader(environment));
    command.parseArgs(arguments);
    return shore;
  }

  @Command(name = "root")
  static final class Root {}

  @Command(name = "shore")
  static final class Shore {
    @Option(names = "--tide-height", defaultValue = "default")
    String height = "";

    @Option(names = "--config")
    Path config = Path.of("none");
  }
}

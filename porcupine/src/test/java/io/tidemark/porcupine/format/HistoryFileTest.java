package io.tidemark.porcupine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.porcupine.History;
import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.RandomRegister;
import io.tidemark.porcupine.model.CasRegister;
import io.tidemark.porcupine.model.RecordLog;
import io.tidemark.porcupine.model.Transactions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryFileTest {
  private static final HistoryFile<CasRegister.Input, CasRegister.Output> REGISTER =
      new HistoryFile<>(CasRegister.Input.class, CasRegister.Output.class);
  private static final String HEADER = "{\"format\":\"tidemark-history\",\"version\":1}\n";

  @Test
  void whatIsWrittenIsReadBackEqual() throws IOException {
    for (long seed = 0; seed < 300; seed++) {
      var history = RandomRegister.small(seed, 30).history();
      assertThat(read(REGISTER, write(REGISTER, history)).operations())
          .isEqualTo(history.operations());
    }
  }

  @Test
  void nestedRecordsListsAndNullsAreReadBackEqual() throws IOException {
    var transactions = new HistoryFile<>(Transactions.Input.class, Transactions.Output.class);
    History<Transactions.Input, Transactions.Output> history =
        History.of(
            List.of(
                Operation.ok(
                        3,
                        new Transactions.Input(
                            List.of(
                                new Transactions.Condition("a\"<\\\n\u2028é\uD83D\uDE00", null)),
                            List.of(new Transactions.Range("", "z"), new Transactions.Get("q")),
                            List.of(new Transactions.Put("a", "b"), new Transactions.Delete("c"))),
                        -5,
                        new Transactions.Output(
                            true,
                            List.of(
                                new Transactions.Entries(List.of("k", "v")),
                                new Transactions.Value(null))),
                        Long.MAX_VALUE - 1)
                    .withMetadata(Map.of("replica", "2"))));
    String text = write(transactions, history);
    assertThat(read(transactions, text).operations()).isEqualTo(history.operations());
    assertThat(text.lines()).hasSize(2);
    assertThat(text).doesNotContain("<");

    var log = new HistoryFile<>(RecordLog.Input.class, RecordLog.Output.class);
    History<RecordLog.Input, RecordLog.Output> appends =
        History.of(List.of(Operation.info(1, new RecordLog.Append(List.of(1L, -2L), 7L, null), 0)));
    assertThat(read(log, write(log, appends)).operations()).isEqualTo(appends.operations());
  }

  @Test
  void theTextIsAsDocumented() throws IOException {
    History<CasRegister.Input, CasRegister.Output> history =
        History.of(
            List.of(
                Operation.ok(0, new CasRegister.Read(), 10, new CasRegister.Value("a"), 20),
                Operation.info(1, new CasRegister.Write("b"), 15)));
    assertThat(write(REGISTER, history))
        .isEqualTo(
            HEADER
                + "{\"client\":0,\"call\":10,\"return\":20,\"outcome\":\"OK\","
                + "\"input\":{\"type\":\"Read\"},\"output\":{\"type\":\"Value\",\"text\":\"a\"}}\n"
                + "{\"client\":1,\"call\":15,\"outcome\":\"INFO\","
                + "\"input\":{\"type\":\"Write\",\"value\":\"b\"}}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[] | not an object",
        "{\"client\":0} | null is no Input",
        "{\"client\":0,\"call\":1,\"outcome\":\"OK\",\"input\":{\"type\":\"Read\"}}"
            + " | outcome OK with return 9223372036854775807",
        "{\"client\":0,\"call\":9,\"return\":1,\"outcome\":\"OK\",\"input\":{\"type\":\"Read\"}}"
            + " | call 9 is after return 1",
        "{\"client\":0,\"call\":1,\"return\":1,\"outcome\":\"YES\",\"input\":{\"type\":\"Read\"}}"
            + " | No enum constant",
        "{\"client\":0,\"call\":1,\"return\":1,\"outcome\":\"OK\",\"input\":{\"type\":\"Sing\"}}"
            + " | Sing is no Input",
        "{\"client\":0,\"call\":1,\"return\":1,\"outcome\":\"OK\",\"input\":{\"type\":\"Write\"}}"
            + " | Write without value",
        "{\"client\":0.5,\"call\":1,\"return\":1,\"outcome\":\"OK\",\"input\":{\"type\":\"Read\"}}"
            + " | client is not a whole number",
        "{\"what\":0} | unknown member what"
      })
  void linesThatAreNoOperationAreRefusedWithTheirNumber(String line, String why) {
    assertThatThrownBy(() -> read(REGISTER, HEADER + line + "\n"))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageStartingWith("line 2: ")
        .hasMessageContaining(why);
  }

  @Test
  void anotherFormatIsRefused() {
    assertThatThrownBy(() -> read(REGISTER, ""))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageStartingWith("line 1: expected ");
    assertThatThrownBy(() -> read(REGISTER, HEADER.replace("1", "2")))
        .isInstanceOf(MalformedHistoryException.class)
        .hasMessageStartingWith("line 1: expected ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "1.e5",
        "+1",
        "tru",
        "nul",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "1 2",
        "[1 2]",
        "{\"a\" 1}",
        "9223372036854775808",
        "1e999",
        "NaN",
        "'a'"
      })
  void textThatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jsonIsReadInAllItsForms() {
    assertThat(Json.read(" [1, -2.5e3 ,\"\\u00e9\\n\\/\", true,null , {}, [] ] "))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactly(1L, -2500.0, "é\n/", true, null, Map.of(), List.of());
    String deep = "[".repeat(65) + "]".repeat(65);
    assertThat(Json.read(deep)).isNotNull();
    assertThatThrownBy(() -> Json.read("[" + deep + "]")).hasMessageContaining("64 levels");
  }

  @Test
  void logsThatAreMalformedAreRefusedWithTheLine() {
    assertThatThrownBy(() -> JepsenLog.read(List.of("INFO  jepsen.util - 0 :ok :read nil")))
        .hasMessage("line 1: process 0 waits for nothing");
    assertThatThrownBy(() ->
            JepsenLog.read(
                List.of(
                    "INFO  jepsen.util - 0 :invoke :read nil",
                    "INFO  jepsen.util - 0 :invoke :read nil")))
        .hasMessage("line 2: process 0 is still waiting");
    assertThatThrownBy(() -> JepsenLog.read(List.of("hello")))
        .hasMessage("line 1: not a line of a Jepsen register log");
    assertThatThrownBy(() -> EdnMaps.read(List.of("{}")))
        .hasMessage("line 1: not a map of a key-value history");
  }

  private static <I, O> String write(HistoryFile<I, O> file, History<I, O> history)
      throws IOException {
    StringWriter text = new StringWriter();
    file.write(history, text);
    return text.toString();
  }

  private static <I, O> History<I, O> read(HistoryFile<I, O> file, String text) throws IOException {
    return file.read(new BufferedReader(new StringReader(text)));
  }
}

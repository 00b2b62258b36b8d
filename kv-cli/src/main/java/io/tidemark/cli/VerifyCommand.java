package io.tidemark.cli;

import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import io.tidemark.base.Clock;
import io.tidemark.client.TidemarkException;
import io.tidemark.porcupine.format.MalformedHistoryException;
import io.tidemark.verify.Demands;
import io.tidemark.verify.Family;
import io.tidemark.verify.Judgement;
import io.tidemark.verify.KeysExistException;
import io.tidemark.verify.Plan;
import io.tidemark.verify.Progress;
import io.tidemark.verify.Recording;
import io.tidemark.verify.Workload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `verify`: reads and writes for a while, and checks that what was answered is linearizable.
@Command(
    name = "verify",
    description = {
      "Read and write through every endpoint for a while, write down what was",
      "answered, and check that it is linearizable. Do to the servers meanwhile",
      "what you like: kill them, pause them, cut them off, by hand or by --fault",
      "and --heal; but heal them before the end.",
      "",
      "Ends with 0 if the history is linearizable, with 1 if it is not, and with",
      "7 if the run proves nothing: it was too small, no client felt a fault, or",
      "the check did not end. --check reads the history of an earlier run",
      "instead, and needs no server."
    })
public final class VerifyCommand extends ClientCommand {
  private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();
  private static final long SAY_NANOS = Duration.ofSeconds(2).toNanos();

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description = "Check this history.jsonl of an earlier run; nothing is sent.")
  private @Nullable Path check;

  @Mixin private final VerifyOptions options = new VerifyOptions();
  @Mixin private final VerifyFaults faults = new VerifyFaults();

  VerifyCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws Exception {
    try (var interrupt = new Interrupt()) {
      int code = run(out, interrupt);
      out.flush();
      interrupt.finished(code);
      return code;
    }
  }

  private int run(OutputStream out, Interrupt interrupt) throws Exception {
    faults.check();
    try {
      if (check != null) {
        return recheck(check, out);
      }
      List<Plan> plans = options.families().stream().map(this::plan).toList();
      Files.createDirectories(options.directory());
      List<Judgement> judgements = new ArrayList<>();
      for (Plan plan : plans) {
        if (!interrupt.isAsked()) {
          judgements.add(verify(plan, interrupt, out));
        }
      }
      if (interrupt.isAsked()) {
        println(out, "Interrupted: this is about what was recorded until then.");
      }
      return code(judgements);
    } catch (MalformedHistoryException malformed) {
      say("this is no history of a verification: " + malformed.getMessage());
      return ExitCode.PROVES_NOTHING;
    } catch (KeysExistException theirs) {
      say(String.valueOf(theirs.getMessage()));
      return ExitCode.PROVES_NOTHING;
    } catch (IOException | Errors.Failed failure) {
      // 1 is for violations alone.
      say(Errors.describe(failure));
      return ExitCode.PROVES_NOTHING;
    }
  }

  private Plan plan(Family family) {
    return options.plan(endpoints(), family, timeout());
  }

  private static int code(List<Judgement> judgements) {
    int code = judgements.isEmpty() ? ExitCode.PROVES_NOTHING : ExitCode.OK;
    for (Judgement judgement : judgements) {
      switch (judgement.verdict()) {
        case VIOLATION -> {
          return ExitCode.FAILURE;
        }
        case INVALID -> code = ExitCode.PROVES_NOTHING;
        case LINEARIZABLE -> {}
      }
    }
    return code;
  }

  private int recheck(Path file, OutputStream out) throws IOException {
    Recording recording = Recording.read(file);
    Judgement judgement =
        recording.judge(
            recording.faults().isEmpty() ? Demands.withoutFaults() : Demands.withFaults());
    VerifyOutput.print(judgement, out);
    return code(List.of(judgement));
  }

  private Judgement verify(Plan plan, Interrupt interrupt, OutputStream out) throws Exception {
    // See ClientCommand: the network layer is not to start a logging framework up.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    String name = plan.family().label();
    Path directory = options.directory().resolve(name);
    Files.createDirectories(directory);
    try (var load = Workload.start(plan)) {
      drive(load, name, interrupt);
      say(name + ": reading every key on every replica");
      Recording recording = load.finish();
      Path history = directory.resolve("history.jsonl");
      recording.write(history);
      say(name + ": checking " + recording.size() + " operations");
      Judgement judgement =
          recording.judge(faults.areAsked() ? Demands.withFaults() : Demands.withoutFaults());
      judgement.writePage(
          directory.resolve("report.html"), "tidemark verify --check " + history.getFileName());
      Files.writeString(directory.resolve("verdict.json"), VerifyOutput.json(judgement, plan));
      VerifyOutput.print(judgement, out);
      println(out, "written: " + directory);
      println(out, "");
      out.flush();
      if (!options.keepsKeys()) {
        removeKeys(load, plan);
      }
      return judgement;
    }
  }

  private void removeKeys(Workload load, Plan plan) {
    try {
      load.removeKeys();
    } catch (TidemarkException failure) {
      say(
          "keys were left behind, `tidemark del --prefix "
              + plan.prefix()
              + "` removes them: "
              + failure.getMessage());
    }
  }

  /// Lets the load run, with its faults, until it is over or interrupted; all faults are healed
  /// then.
  private void drive(Workload load, String name, Interrupt interrupt) throws InterruptedException {
    long beganNanos = Clock.SYSTEM.nanoTime();
    long endNanos = beganNanos + options.duration().toNanos();
    long sayNanos = beganNanos;
    long saidOperations = 0;
    faults.begin(beganNanos);
    try {
      for (long now = beganNanos; now - endNanos < 0 && !interrupt.isAsked(); ) {
        faults.step(load, now, endNanos, streams().err());
        if (now - sayNanos >= SAY_NANOS) {
          Progress progress = load.progress();
          say(line(name, progress, saidOperations, now - sayNanos, now - beganNanos));
          saidOperations = progress.ended();
          sayNanos = now;
        }
        LockSupport.parkNanos(Math.min(STEP_NANOS, endNanos - now));
        now = Clock.SYSTEM.nanoTime();
      }
      load.stop();
    } finally {
      faults.heal(streams().err());
    }
  }

  private static String line(
      String name, Progress progress, long saidOperations, long nanos, long sinceNanos) {
    return String.format(
        Locale.ROOT,
        "%s: %d s, %.0f operations/s; %d answered, %d refused, %d of unknown outcome",
        name,
        Duration.ofNanos(sinceNanos).toSeconds(),
        (progress.ended() - saidOperations) / (nanos / 1e9),
        progress.answered(),
        progress.refused(),
        progress.indefinite());
  }

  private void say(String what) {
    streams().err().println("tidemark: " + what);
  }
}

package io.tidemark.server.command;

import io.tidemark.server.StartException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ExitCode;

/// The life of a server as a process: start, run until something ends it, end cleanly.
final class ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger exitCode = new AtomicInteger(ExitCode.OK);

  /// Opens what is to be served.
  interface Start {
    /// Opens it, or says in one line why not.
    AutoCloseable open(ServerProcess process) throws StartException;
  }

  /// Runs until the process is told to end or [#fail()] is called, and closes what was opened.
  ///
  /// @param errors where the one line goes that says why it could not start
  static int run(Start start, boolean verbose, PrintWriter errors) {
    var process = new ServerProcess();
    AutoCloseable server;
    try {
      server = start.open(process);
    } catch (StartException failure) {
      errors.println("tidemark: " + failure.getMessage());
      if (verbose) {
        failure.printStackTrace(errors);
      }
      errors.flush();
      return ExitCode.SOFTWARE;
    }
    var closer = new Thread(() -> close(server), "kv-shutdown");
    Runtime.getRuntime().addShutdownHook(closer);
    try {
      process.end.await();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
    if (Runtime.getRuntime().removeShutdownHook(closer)) {
      close(server);
    }
    return process.exitCode.get();
  }

  /// Ends the process with a failure.
  void fail() {
    exitCode.set(ExitCode.SOFTWARE);
    end.countDown();
  }

  private static void close(AutoCloseable server) {
    LOG.info("closing");
    try {
      server.close();
      LOG.info("closed");
    } catch (Exception failure) {
      LOG.error("could not close cleanly", failure);
    }
  }
}

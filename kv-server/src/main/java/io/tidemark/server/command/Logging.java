package io.tidemark.server.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sends log lines to the standard error, one line for each event.
public final class Logging {
  // An exception goes behind its message on the same line; with its trace when asked for.
  private static final String ONE_LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0}: "
          + "%replace(%msg%ex{short}){'\\s*[\\r\\n]+\\s*(at )?', ' | '}%nopex%n";
  private static final String WITH_TRACES =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger: %msg%n%ex";

  private Logging() {}

  /// How much is told.
  public enum Verbosity {
    /// What needs an operator.
    ERROR,
    /// What may need one.
    WARN,
    /// Starts, ends, and changes of state.
    INFO,
    /// What each part does.
    DEBUG,
    /// Everything.
    TRACE
  }

  /// Sets up the whole process. Libraries are told to speak of what may need an operator only, gRPC
  /// of nothing that a client alone can cause.
  ///
  /// @param verbosity of Tidemark itself
  /// @param traces whether exceptions come with their traces
  public static void configure(Verbosity verbosity, boolean traces) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(traces ? WITH_TRACES : ONE_LINE);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("io.grpc").setLevel(Level.ERROR);
    context.getLogger("io.tidemark").setLevel(Level.toLevel(verbosity.name()));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}

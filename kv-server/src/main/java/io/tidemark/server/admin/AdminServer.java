package io.tidemark.server.admin;

import com.codahale.metrics.MetricRegistry;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidemark.server.admin.Check.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves checks and metrics over HTTP, after etcd's manner:
///
/// | request | answer |
/// |---|---|
/// | `GET /readyz` | `200 ok`, or `503` and every check with its reason |
/// | `GET /readyz?verbose` | every check, passed or not |
/// | `GET /readyz?exclude=log` | without the check `log`; may be repeated |
/// | `GET /readyz/log` | the check `log` alone |
/// | `GET /metrics` | Prometheus text format 0.0.4 |
///
/// `/livez` and `/startupz` likewise. At most [#REQUESTS_MAX] requests are answered at a time; more
/// are told `503`.
public final class AdminServer implements AutoCloseable {
  /// How many requests are answered at a time.
  public static final int REQUESTS_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(10);

  private final Map<String, Checks> checksByPath = new LinkedHashMap<>();
  private final MetricRegistry metrics;
  private final Semaphore room = new Semaphore(REQUESTS_MAX);
  private final ExecutorService threads;
  private final HttpServer http;

  private AdminServer(HttpServer http, List<Checks> checks, MetricRegistry metrics) {
    this.http = http;
    this.metrics = metrics;
    checks.forEach(these -> checksByPath.put("/" + these.name(), these));
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kv-admin-", 0).factory());
  }

  /// Listens and serves.
  ///
  /// @param address where; port 0 takes any that is free
  /// @throws IOException if it cannot listen there
  public static AdminServer open(
      InetSocketAddress address, List<Checks> checks, MetricRegistry metrics) throws IOException {
    var admin = new AdminServer(HttpServer.create(address, 0), checks, metrics);
    admin.http.setExecutor(admin.threads);
    admin.http.createContext("/", admin::handle);
    admin.http.start();
    return admin;
  }

  /// The port it listens on.
  public int port() {
    return http.getAddress().getPort();
  }

  /// Stops listening, and cuts off what is being answered.
  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!room.tryAcquire()) {
        answer(exchange, 503, TEXT, "more than " + REQUESTS_MAX + " requests at a time\n");
        return;
      }
      try {
        route(exchange);
      } finally {
        room.release();
      }
    } catch (RuntimeException failure) {
      LOG.error("the admin request {} failed", exchange.getRequestURI(), failure);
      throw failure;
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      answer(exchange, 405, TEXT, "only GET and HEAD are served here\n");
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/metrics")) {
      answer(exchange, 200, PrometheusText.CONTENT_TYPE, PrometheusText.write(metrics));
      return;
    }
    int slash = path.indexOf('/', 1);
    Checks checks = checksByPath.get(slash < 0 ? path : path.substring(0, slash));
    if (checks == null) {
      answer(exchange, 404, TEXT, "nothing here; there is " + paths() + "\n");
    } else if (slash < 0) {
      check(exchange, checks);
    } else {
      checkOne(exchange, checks, path.substring(slash + 1));
    }
  }

  private String paths() {
    return String.join(", ", checksByPath.keySet()) + " and /metrics";
  }

  private void check(HttpExchange exchange, Checks checks) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    Set<String> excluded = excluded(query);
    Checks.Report report = await(checks, excluded);
    var text = new StringBuilder();
    if (!report.passed() || hasVerbose(query)) {
      report.outcomes().forEach((name, outcome) -> text.append(line(name, outcome)));
      for (String name : excluded) {
        text.append(known(checks, name) ? "[+]" + name + " excluded\n" : "no check " + name + "\n");
      }
      text.append(checks.name()).append(report.passed() ? " check passed\n" : " check failed\n");
    } else {
      text.append("ok\n");
    }
    answer(exchange, report.passed() ? 200 : 503, TEXT, text.toString());
  }

  private void checkOne(HttpExchange exchange, Checks checks, String name) throws IOException {
    if (!known(checks, name)) {
      String names = checks.checks().stream().map(Check::name).collect(Collectors.joining(", "));
      answer(exchange, 404, TEXT, "no check " + name + "; there is " + names + "\n");
      return;
    }
    var others =
        checks.checks().stream()
            .map(Check::name)
            .filter(other -> !other.equals(name))
            .collect(Collectors.toSet());
    Checks.Report report = await(checks, others);
    var text = new StringBuilder();
    report.outcomes().forEach((check, outcome) -> text.append(line(check, outcome)));
    answer(exchange, report.passed() ? 200 : 503, TEXT, text.toString());
  }

  private static Checks.Report await(Checks checks, Set<String> excluded) throws IOException {
    try {
      return checks.run(excluded).get(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      var late = new Outcome.Failed("no answer within " + CHECK_TIMEOUT.toSeconds() + " s");
      return new Checks.Report(Map.of(checks.name(), late));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new IOException("the admin port is closing", closing);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("checks never fail", impossible);
    }
  }

  private static boolean known(Checks checks, String name) {
    return checks.checks().stream().anyMatch(check -> check.name().equals(name));
  }

  private static String line(String name, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed() -> "[+]" + name + " ok\n";
      case Outcome.Failed(String why) -> "[-]" + name + " failed: " + why + "\n";
    };
  }

  private static Set<String> excluded(@Nullable String query) {
    var names = new TreeSet<String>();
    for (String parameter : parameters(query)) {
      if (parameter.startsWith("exclude=")) {
        names.add(
            URLDecoder.decode(parameter.substring("exclude=".length()), StandardCharsets.UTF_8));
      }
    }
    return names;
  }

  private static boolean hasVerbose(@Nullable String query) {
    return parameters(query).stream()
        .anyMatch(parameter -> parameter.equals("verbose") || parameter.startsWith("verbose="));
  }

  private static List<String> parameters(@Nullable String query) {
    return query == null ? List.of() : List.of(query.split("&"));
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}

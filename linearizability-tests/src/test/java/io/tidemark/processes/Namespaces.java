package io.tidemark.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Machines of their own, as far as the network goes: namespaces on one bridge, each with an
/// address of its own, between which packets can be dropped. This process sits on the bridge. Needs
/// root.
///
/// All of it is gone after [#close], after the tests were interrupted, and where a run was killed,
/// when the next makes some.
final class Namespaces implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("tm(\\d+)n\\d+");
  private static final Pattern BRIDGE = Pattern.compile("tm(\\d+)br");
  private static final Set<Namespaces> OPEN = ConcurrentHashMap.newKeySet();

  static {
    removeLeftovers();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Namespaces::close)));
  }

  private final String prefix = "tm" + ProcessHandle.current().pid();
  private final int network = (int) (ProcessHandle.current().pid() % 250);
  private final List<String> names = new ArrayList<>();

  private Namespaces() {}

  /// Why there can be none here; empty if there can.
  static Optional<String> lacks() {
    return Shell.lacks("ip", "iptables");
  }

  /// So many of them.
  static Namespaces create(int count) {
    var all = new Namespaces();
    OPEN.add(all);
    try {
      Shell.run("ip", "link", "add", all.bridge(), "type", "bridge");
      Shell.run("ip", "addr", "add", all.address(0) + "/24", "dev", all.bridge());
      Shell.run("ip", "link", "set", all.bridge(), "up");
      for (int i = 0; i < count; i++) {
        all.add(i);
      }
      return all;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  private void add(int index) {
    String name = prefix + "n" + index;
    String outside = prefix + "v" + index;
    Shell.run("ip", "netns", "add", name);
    names.add(name);
    Shell.run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", name);
    Shell.run("ip", "link", "set", outside, "master", bridge());
    Shell.run("ip", "link", "set", outside, "up");
    Shell.run("ip", "-n", name, "link", "set", "lo", "up");
    Shell.run("ip", "-n", name, "addr", "add", address(index + 1) + "/24", "dev", "eth0");
    Shell.run("ip", "-n", name, "link", "set", "eth0", "up");
  }

  private String bridge() {
    return prefix + "br";
  }

  private String address(int host) {
    return "10.213." + network + "." + (host + 1);
  }

  /// The address of one of them.
  String addressOf(int index) {
    return address(index + 1);
  }

  /// How to run a process in one of them.
  Launch in(int index) {
    return Launch.PLAIN.by("ip", "netns", "exec", names.get(index));
  }

  /// From here on packets from one to the other are dropped where they arrive, and nobody is told.
  void drop(int from, int to) {
    table(to, "-A", "INPUT", "-s", addressOf(from), "-j", "DROP");
  }

  /// How many packets were dropped where they arrived since the last [#heal].
  long dropped(int at) {
    String listed =
        Shell.run(
            "ip",
            "netns",
            "exec",
            names.get(at),
            "iptables",
            "-w",
            "-L",
            "INPUT",
            "-v",
            "-n",
            "-x");
    return listed
        .lines()
        .filter(line -> line.contains("DROP"))
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[0]))
        .sum();
  }

  /// Everything passes again.
  void heal() {
    for (int i = 0; i < names.size(); i++) {
      table(i, "-F", "INPUT");
    }
  }

  private void table(int index, String... rule) {
    var command =
        new ArrayList<>(List.of("ip", "netns", "exec", names.get(index), "iptables", "-w"));
    command.addAll(List.of(rule));
    Shell.run(command.toArray(String[]::new));
  }

  @Override
  public void close() {
    OPEN.remove(this);
    for (String name : names) {
      remove(name);
    }
    names.clear();
    Shell.tryRun("ip", "link", "del", bridge());
  }

  private static void remove(String name) {
    // Whoever still runs there would keep it.
    for (String pid : Shell.run("ip", "netns", "pids", name).split("\\s+", -1)) {
      if (!pid.isEmpty()) {
        Shell.tryRun("kill", "-9", pid);
      }
    }
    Shell.tryRun("ip", "netns", "del", name);
  }

  /// Removes what a run left that was killed.
  private static void removeLeftovers() {
    matches(NAME, Shell.run("ip", "netns", "list")).forEach(Namespaces::remove);
    matches(BRIDGE, Shell.run("ip", "-br", "link", "show", "type", "bridge"))
        .forEach(name -> Shell.tryRun("ip", "link", "del", name));
  }

  private static List<String> matches(Pattern pattern, String text) {
    var found = new ArrayList<String>();
    for (Matcher match = pattern.matcher(text); match.find(); ) {
      if (!Shell.lives(Long.parseLong(match.group(1)))) {
        found.add(match.group());
      }
    }
    return found;
  }
}

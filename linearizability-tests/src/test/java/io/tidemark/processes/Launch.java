package io.tidemark.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How a process is started.
///
/// @param prefix the command that runs it, such as `ip netns exec NAME`; empty for none
/// @param environment variables beside those of this process
/// @param mainClass what it runs
record Launch(List<String> prefix, Map<String, String> environment, Class<?> mainClass) {
  /// As an operator would start it.
  static final Launch PLAIN = new Launch(List.of(), Map.of(), io.tidemark.dist.Main.class);

  Launch {
    prefix = List.copyOf(prefix);
    environment = Map.copyOf(environment);
  }

  /// The same, run by another command.
  Launch by(String... command) {
    return new Launch(List.of(command), environment, mainClass);
  }

  /// The same with a variable more.
  Launch with(String variable, String value) {
    var more = new TreeMap<>(environment);
    more.put(variable, value);
    return new Launch(prefix, more, mainClass);
  }

  /// The same way of starting another program, which takes the arguments of the first.
  Launch of(Class<?> otherMain) {
    return new Launch(prefix, environment, otherMain);
  }

  /// The command that runs `java` with these options, the program and its arguments.
  List<String> command(List<String> java, List<String> arguments) {
    var command = new ArrayList<>(prefix);
    command.addAll(java);
    command.add(mainClass.getName());
    command.addAll(arguments);
    return command;
  }
}

/// Where settings come from: the flag, else the environment, else the file, else the default.
///
/// A setting is defined once, as a picocli option; its name in the environment and in the file
/// follows from the option's. **Promises** that a name nobody knows is never passed over in
/// silence: in the file it is an error, in the environment a warning, and both name the nearest.
/// **Never** reads anything but the file it is given. The commands use it, on the main thread.
/// Start reading at [SettingsProvider].
@NullMarked
package io.tidemark.server.config;

import org.jspecify.annotations.NullMarked;

package io.tidemark.devs3;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryEndpointTest extends EndpointContract {
  @TempDir Path dir;

  @Override
  DevS3Config config() {
    return DevS3Config.inMemory().withDir(dir);
  }
}

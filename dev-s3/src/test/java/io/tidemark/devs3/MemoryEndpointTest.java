package io.tidemark.devs3;

class MemoryEndpointTest extends EndpointContract {
  @Override
  DevS3Config config() {
    return DevS3Config.inMemory();
  }
}

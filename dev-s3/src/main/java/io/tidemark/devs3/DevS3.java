package io.tidemark.devs3;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tidemark.base.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// A small S3 endpoint.
///
/// ```java
/// try (var s3 = DevS3.start(DevS3Config.inMemory())) {
///   s3.faults().add(FaultRule.of(new Fault.LoseReply(Fault.Ending.CUT)).on(PUT_OBJECT).times(1));
///   ... s3.endpoint() ...
/// }
/// ```
///
/// Any thread may call.
public final class DevS3 implements AutoCloseable {
  private static final int EVENT_LOOPS = 2;
  private static final int IDLE_SECONDS_MAX = 300;
  private static final int BACKLOG = 1_024;

  private final DevS3Config config;
  private final Storage storage;
  private final Faults faults = new Faults();
  private final Counts counts = new Counts();
  private final Timers timers = Timers.onThread("dev-s3-timer");
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          EVENT_LOOPS,
          Thread.ofPlatform().daemon().name("dev-s3-", 0).factory(),
          NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  private int port;
  private OptionalInt faultsPort = OptionalInt.empty();

  private DevS3(DevS3Config config, Storage storage) {
    this.config = config;
    this.storage = storage;
  }

  /// Starts to listen.
  ///
  /// @throws IOException if a port is taken, or the directory cannot be used
  public static DevS3 start(DevS3Config config) throws IOException {
    Storage storage =
        config.dir().isPresent() ? DirectoryStorage.open(config.dir().get()) : new MemoryStorage();
    var endpoint = new DevS3(config, storage);
    try {
      config.buckets().forEach(endpoint::createBucket);
      endpoint.listen();
      return endpoint;
    } catch (IOException | RuntimeException failure) {
      endpoint.close();
      throw failure;
    }
  }

  /// Where it listens.
  public int port() {
    return port;
  }

  /// Where the fault control listens, on the loopback address; nothing where there is none.
  public OptionalInt faultsPort() {
    return faultsPort;
  }

  /// The address for clients: `http://HOST:PORT`.
  public String endpoint() {
    InetAddress address = config.listen().getAddress();
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /// What is to go wrong.
  public Faults faults() {
    return faults;
  }

  /// What was asked.
  public Counts counts() {
    return counts;
  }

  /// How many objects there are in a bucket.
  ///
  /// @throws IllegalArgumentException if there is no such bucket
  public int objectCount(String bucket) {
    try {
      return storage.objects(bucket).size();
    } catch (S3Exception missing) {
      throw new IllegalArgumentException("there is no bucket " + bucket, missing);
    }
  }

  /// Resets every connection; new ones are taken.
  public void cutConnections() {
    connections.forEach(HttpConnection::reset);
  }

  /// Stops listening, drops connections and what waits, and closes the directory.
  @Override
  public void close() {
    timers.close();
    var _ = connections.close().awaitUninterruptibly();
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    storage.close();
  }

  private void createBucket(String name) {
    if (!S3Service.isBucketName(name)) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name for a bucket: 3 to 63 small letters, digits, dots and dashes");
    }
    storage.createBucket(name);
  }

  private void listen() throws IOException {
    var service = new FaultyService(new S3Service(config, storage), faults, counts, timers);
    var budget = new Budget(config.bounds().inFlightBytesMax());
    Channel server =
        bind(
            config.listen(),
            channel ->
                new HttpConnection(service, counts, config.bounds(), budget, isFull(channel)));
    port = ((InetSocketAddress) server.localAddress()).getPort();
    if (config.faultsPort().isPresent()) {
      var loopback =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), config.faultsPort().getAsInt());
      Channel control = bind(loopback, _ -> new FaultControl(faults, counts));
      faultsPort = OptionalInt.of(((InetSocketAddress) control.localAddress()).getPort());
    }
  }

  private boolean isFull(Channel channel) {
    // Those that listen are in the group too.
    var _ = connections.add(channel);
    int listening = config.faultsPort().isPresent() ? 2 : 1;
    return connections.size() > config.bounds().connectionsMax() + listening;
  }

  private interface HandlerOf {
    ChannelHandler make(Channel channel);
  }

  private Channel bind(InetSocketAddress address, HandlerOf handlers) throws IOException {
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    int headerBytesMax = config.bounds().headerBytesMax();
                    channel
                        .pipeline()
                        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS_MAX))
                        .addLast(
                            new HttpServerCodec(
                                new HttpDecoderConfig()
                                    .setMaxInitialLineLength(headerBytesMax)
                                    .setMaxHeaderSize(headerBytesMax)))
                        .addLast(handlers.make(channel));
                  }
                });
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    var _ = connections.add(bound.channel());
    return bound.channel();
  }
}

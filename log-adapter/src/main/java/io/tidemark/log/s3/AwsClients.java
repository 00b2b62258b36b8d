package io.tidemark.log.s3;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Sets up the AWS SDK so that one call is one request, and its future completes where the answer
/// arrives.
final class AwsClients {
  private static final int EVENT_LOOPS = 2;
  private static final int CONNECTIONS_MAX = 128;
  private static final int WAITING_MAX = 10_000;

  /// How long nothing may come or go on a connection that is waited for.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(3);

  /// How long a request may wait for a connection: longer than a connection may take to open, so
  /// that a request is told why there is none, and longer than a request may take in all, which
  /// bounds it first.
  private static final Duration ACQUIRING_MAX = Duration.ofSeconds(30);

  private AwsClients() {}

  /// Threads of our own: those that the SDK makes take two seconds to end.
  @SuppressWarnings("deprecation") // The SDK knows no newer kind.
  static EventLoopGroup loops() {
    return new NioEventLoopGroup(
        EVENT_LOOPS, Thread.ofPlatform().daemon().name("kv-s3-", 0).factory());
  }

  static SdkAsyncHttpClient http(EventLoopGroup loops) {
    return NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
        .maxConcurrency(CONNECTIONS_MAX)
        .maxPendingConnectionAcquires(WAITING_MAX)
        .connectionTimeout(SILENCE_MAX)
        .connectionAcquisitionTimeout(ACQUIRING_MAX)
        .readTimeout(SILENCE_MAX)
        .writeTimeout(SILENCE_MAX)
        .build();
  }

  /// The client of the SDK.
  ///
  /// @throws IllegalArgumentException if no region is said or found
  static S3AsyncClient s3(S3Options options, SdkAsyncHttpClient http) {
    var builder =
        S3AsyncClient.builder()
            .httpClient(http)
            .region(region(options))
            .credentialsProvider(credentials(options))
            .forcePathStyle(options.pathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            // Deletes need a checksum, and the older one is the one that every store knows.
            .addPlugin(LegacyMd5Plugin.create())
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .overrideConfiguration(
                settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .asyncConfiguration(settings ->
                settings.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    options.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /// What requests are signed with, renewed in the background where that must happen.
  private static AwsCredentialsProvider credentials(S3Options options) {
    AwsCredentialsProvider provider =
        options
            .credentials()
            .map(AwsClients::given)
            .orElseGet(() ->
                DefaultCredentialsProvider.builder().asyncCredentialUpdateEnabled(true).build());
    return () -> {
      try {
        return provider.resolveCredentials();
      } catch (SdkClientException none) {
        throw new AwsCredentialsMissing(none);
      }
    };
  }

  private static AwsCredentialsProvider given(S3Options.Credentials credentials) {
    Optional<String> token = credentials.sessionToken();
    return StaticCredentialsProvider.create(
        token.isPresent()
            ? AwsSessionCredentials.create(
                credentials.accessKey(), credentials.secretKey(), token.get())
            : AwsBasicCredentials.create(credentials.accessKey(), credentials.secretKey()));
  }

  private static Region region(S3Options options) {
    if (options.region().isPresent()) {
      return Region.of(options.region().get());
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException none) {
      if (options.endpoint().isPresent()) {
        // Stores other than Amazon's have no regions, but their signatures need the name of one.
        return Region.US_EAST_1;
      }
      throw new IllegalArgumentException(
          "no region is set for the bucket: give --s3-region, or set AWS_REGION", none);
    }
  }
}

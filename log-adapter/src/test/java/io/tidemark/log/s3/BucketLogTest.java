package io.tidemark.log.s3;

import io.tidemark.devs3.Account;
import io.tidemark.devs3.DevS3;
import io.tidemark.devs3.DevS3Config;
import io.tidemark.log.Log;
import io.tidemark.log.LogContract;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/// The contract, with AWS's SDK and a network between the log and its store.
class BucketLogTest extends LogContract {
  @SuppressWarnings("NullAway.Init") // by open(), before every test
  private DevS3 s3;

  @Override
  protected Log open() throws Exception {
    s3 = DevS3.start(DevS3Config.inMemory().withAccounts(List.of(Account.of("key", "secret"))));
    return reopen();
  }

  @Override
  protected boolean overloads() {
    return true;
  }

  @Override
  protected boolean survivesClose() {
    return true;
  }

  @Override
  protected Log reopen() {
    var options =
        S3Options.DEFAULT
            .at(Optional.of(URI.create(s3.endpoint())), Optional.empty(), true)
            .as(new S3Options.Credentials("key", "secret", Optional.empty()));
    return SlotLog.open(
        AwsObjectStore.open("tidemark", "db", options),
        SlotLogTest.config().withQueue(1_500, 64 << 20));
  }

  @AfterEach
  void endStore() throws Exception {
    log.close();
    s3.close();
  }
}

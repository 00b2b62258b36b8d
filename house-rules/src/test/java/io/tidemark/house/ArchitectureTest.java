package io.tidemark.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

/// Which way dependencies point, and what the deterministic core must never touch.
@AnalyzeClasses(packages = "io.tidemark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String BASE = "io.tidemark.base..";
  private static final String API = "io.tidemark.api..";
  private static final String LOG = "io.tidemark.log..";
  private static final String STATE_MACHINE = "io.tidemark.statemachine..";
  private static final String CHECKPOINT = "io.tidemark.checkpoint..";
  private static final String REPLICA = "io.tidemark.replica..";
  private static final String SERVER = "io.tidemark.server..";
  private static final String CLIENT = "io.tidemark.client..";
  private static final String CLI = "io.tidemark.cli..";
  private static final String DEV_S3 = "io.tidemark.devs3..";
  private static final String DIST = "io.tidemark.dist..";
  private static final String PARQUET = "io.tidemark.parquet..";
  private static final String PORCUPINE = "io.tidemark.porcupine..";
  private static final String VERIFY = "io.tidemark.verify..";

  @ArchTest static final ArchRule baseDependsOnTheJdkAlone = ofTheProject(BASE, BASE);

  @ArchTest static final ArchRule apiDependsOnNothingOfOurs = ofTheProject(API, API);

  @ArchTest static final ArchRule logKnowsBaseAlone = ofTheProject(LOG, LOG, BASE);

  @ArchTest
  static final ArchRule stateMachineKnowsBaseAlone =
      ofTheProject(STATE_MACHINE, STATE_MACHINE, BASE);

  @ArchTest
  static final ArchRule checkpointsKnowTheLogAndTheState =
      ofTheProject(CHECKPOINT, CHECKPOINT, LOG, STATE_MACHINE, BASE);

  @ArchTest
  static final ArchRule replicaIsWhereTheLogMeetsTheState =
      ofTheProject(REPLICA, REPLICA, CHECKPOINT, LOG, STATE_MACHINE, BASE);

  @ArchTest
  static final ArchRule serverKnowsNoClient =
      ofTheProject(SERVER, SERVER, REPLICA, CHECKPOINT, LOG, STATE_MACHINE, API, BASE);

  @ArchTest static final ArchRule clientKnowsTheApiAlone = ofTheProject(CLIENT, CLIENT, API, BASE);

  @ArchTest
  static final ArchRule verifyKnowsTheClientAndTheChecker =
      ofTheProject(VERIFY, VERIFY, CLIENT, PORCUPINE, BASE);

  @ArchTest
  static final ArchRule cliKnowsTheClientAndWhatDrivesIt =
      ofTheProject(CLI, CLI, CLIENT, VERIFY, PORCUPINE, PARQUET, BASE);

  @ArchTest static final ArchRule parquetKnowsBaseAlone = ofTheProject(PARQUET, PARQUET, BASE);

  @ArchTest
  static final ArchRule hadoopStaysBehindTheParquetFile =
      noClasses()
          .that(not(resideInAnyPackage(PARQUET)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.parquet..", "org.apache.hadoop..");

  @ArchTest static final ArchRule devS3KnowsBaseAlone = ofTheProject(DEV_S3, DEV_S3, BASE);

  @ArchTest
  static final ArchRule distPutsTheCommandTogether = ofTheProject(DIST, DIST, CLI, SERVER, DEV_S3);

  @ArchTest
  static final ArchRule porcupineDependsOnTheJdkAlone =
      classes()
          .that()
          .resideInAPackage(PORCUPINE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(PORCUPINE, "java..", "org.jspecify..", "com.sun.net.httpserver..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheRemoteLogSpeaksGrpc =
      noClasses()
          .that(resideInAnyPackage(LOG).and(not(resideInAnyPackage("io.tidemark.log.remote.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule onlyTheAwsStoreSpeaksToAws =
      noClasses()
          .that(resideInAnyPackage(LOG))
          .and()
          .haveNameNotMatching("io\\.tidemark\\.log\\.s3\\.Aws.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "io.netty..", "org.reactivestreams..");

  @ArchTest
  static final ArchRule replicaNeedsNoNetwork =
      noClasses()
          .that()
          .resideInAPackage(REPLICA)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "java.net..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule rocksDbStaysBehindTheView =
      noClasses()
          .that(not(resideInAnyPackage(STATE_MACHINE)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.rocksdb..");

  @ArchTest
  static final ArchRule stateMachineKnowsNoClockNoChanceNoThread =
      noClasses()
          .that()
          .resideInAPackage(STATE_MACHINE)
          // Keeps the view open while readers are in it, and so knows that there are threads.
          .and()
          .doNotHaveSimpleName("Gate")
          .should()
          .accessTargetWhere(reads("a clock, chance or a thread", ArchitectureTest::isAmbient))
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..");

  @ArchTest
  static final ArchRule theCoreTakesTimeChanceAndThreadsFromItsSeams =
      noClasses()
          .that(resideInAnyPackage(LOG, REPLICA, CHECKPOINT))
          .should()
          .accessTargetWhere(reads("ambient time or chance", ArchitectureTest::isAmbientTime));

  private static ArchRule ofTheProject(String of, String... allowed) {
    return noClasses()
        .that()
        .resideInAPackage(of)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.tidemark..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaAccess<?>> reads(
      String what, java.util.function.Predicate<JavaAccess<?>> test) {
    return DescribedPredicate.describe(what, test);
  }

  private static boolean isAmbient(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return isAmbientTime(access)
        || owner.isAssignableTo(Thread.class)
        || owner.isAssignableTo(Random.class)
        || owner.isEquivalentTo(Executors.class)
        || owner.isEquivalentTo(java.util.concurrent.CompletableFuture.class);
  }

  private static boolean isAmbientTime(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getName();
    return (owner.isEquivalentTo(System.class)
            && Set.of("currentTimeMillis", "nanoTime").contains(name))
        || (owner.getPackageName().equals("java.time") && name.equals("now"))
        || (owner.isEquivalentTo(Thread.class) && name.equals("sleep"))
        || (owner.isEquivalentTo(Math.class) && name.equals("random"))
        || owner.isEquivalentTo(ThreadLocalRandom.class)
        || owner.isEquivalentTo(ForkJoinPool.class)
        || name.equals("orTimeout")
        || name.equals("parkNanos");
  }
}

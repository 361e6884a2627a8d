package io.lakeops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;
import org.jspecify.annotations.NullMarked;

/** The layout rules of docs/ARCHITECTURE.md, for core. */
@AnalyzeClasses(packages = "io.lakeops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("io.lakeops.(*)..").should().beFreeOfCycles();

    /** Ingestion keeps tables of its own in the lake, so it alone opens and creates them. */
    @ArchTest
    static final ArchRule the_front_door_is_entered_from_outside_only = noClasses()
            .that()
            .resideInAPackage("io.lakeops.*..")
            .and()
            .resideOutsideOfPackage("io.lakeops.ingest")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lakeops");

    @ArchTest
    static final ArchRule the_control_plane_knows_no_engine = noClasses()
            .that()
            .resideInAPackage("io.lakeops.table..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lakeops.engine..");

    @ArchTest
    static final ArchRule core_stands_on_the_jdk_jspecify_and_jackson_core_alone = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.lakeops..",
                    "java..",
                    "org.jspecify.annotations..",
                    "com.fasterxml.jackson.core..",
                    "com.google.auto.service..");

    @ArchTest
    static final ArchRule json_is_read_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("io.lakeops.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule nothing_is_printed =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule no_thread_is_made_or_slept_in = noClasses()
            .should()
            .callConstructor(Thread.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class, String.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(ForkJoinPool.class, "commonPool")
            .orShould()
            .callMethod(CompletableFuture.class, "supplyAsync", java.util.function.Supplier.class)
            .orShould()
            .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
            .orShould()
            .callMethod(BaseStream.class, "parallel");

    @ArchTest
    static final ArchRule time_comes_from_the_host = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule only_the_standard_context_takes_the_system_s_clock = noClasses()
            .that()
            .resideOutsideOfPackage("io.lakeops.context..")
            .should()
            .callMethod(Clock.class, "systemUTC");

    @ArchTest
    static final ArchRule statics_do_not_change = noFields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.lakeops..")
            .should()
            .notBeFinal();

    @ArchTest
    static final ArchRule names_say_a_capability = noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Common|Helper|Manager|Service|Impl|Processor|Handler|Info|Base)")
            .orShould()
            .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..", "..base..");

    @ArchTest
    static final ArchRule classes_are_final_or_cannot_be_extended = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .areNotEnums()
            .and()
            .doNotHaveFullyQualifiedName("io.lakeops.error.LakeException")
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static void every_package_is_null_marked(JavaClasses classes) {
        classes.stream()
                .map(c -> c.getPackage())
                .distinct()
                .filter(p -> !p.getClasses().isEmpty())
                .forEach(p -> org.assertj.core.api.Assertions.assertThat(p.isAnnotatedWith(NullMarked.class))
                        .as(p.getName())
                        .isTrue());
    }
}

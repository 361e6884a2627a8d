package io.lakeops;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Keeps the arrows of docs/ARCHITECTURE.md and the layout rules of CONTRIBUTING.md true, over all modules at once. */
@AnalyzeClasses(packages = "io.lakeops", importOptions = ImportOption.DoNotIncludeTests.class)
class ModulesTest {
    private static final String[] PROGRAMS = {"io.lakeops.examples..", "io.lakeops.bench..", "io.lakeops.testkit.."};
    private static final String[] CORE = {
        "io.lakeops",
        "io.lakeops.change..",
        "io.lakeops.check..",
        "io.lakeops.context..",
        "io.lakeops.engine..",
        "io.lakeops.error..",
        "io.lakeops.ingest..",
        "io.lakeops.json..",
        "io.lakeops.maintenance..",
        "io.lakeops.provider..",
        "io.lakeops.recovery..",
        "io.lakeops.view..",
        "io.lakeops.report",
        "io.lakeops.table.."
    };

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("io.lakeops.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule core_stands_on_the_jdk_alone = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(resideOutsideOfPackages(
                            "java..", "javax..", "org.jspecify..", "com.fasterxml.jackson.core..", "com.google.auto..")
                    .and(resideOutsideOfPackages(CORE)));

    @ArchTest
    static final ArchRule the_format_does_not_know_the_engine = noClasses()
            .that()
            .resideInAPackage("io.lakeops.delta..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lakeops.duckdb..", "org.duckdb..", "io.lakeops.quality..", "io.lakeops.formats..");

    @ArchTest
    static final ArchRule the_engine_does_not_know_the_format = noClasses()
            .that()
            .resideInAPackage("io.lakeops.duckdb..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lakeops.delta..", "io.delta..", "io.lakeops.quality..", "io.lakeops.formats..");

    @ArchTest
    static final ArchRule checks_pages_and_decoders_know_no_provider = noClasses()
            .that()
            .resideInAnyPackage("io.lakeops.quality..", "io.lakeops.report..", "io.lakeops.formats..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lakeops.delta..", "io.lakeops.duckdb..", "io.delta..", "org.duckdb..");

    @ArchTest
    static final ArchRule the_kernels_internals_are_touched_in_one_package = noClasses()
            .that()
            .resideOutsideOfPackage("io.lakeops.delta.internal.kernel")
            .should()
            .dependOnClassesThat(resideInAPackage("io.delta.kernel.internal.."));

    @ArchTest
    static final ArchRule libraries_print_nothing = noClasses()
            .that()
            .resideOutsideOfPackages(PROGRAMS)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule libraries_take_time_from_the_host = noClasses()
            .that()
            .resideOutsideOfPackages(PROGRAMS)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule libraries_start_no_thread_and_sleep_in_none = noClasses()
            .that()
            .resideOutsideOfPackages(PROGRAMS)
            .should()
            .callConstructor(Thread.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class, String.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
            .orShould()
            .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
            .orShould()
            .callMethod(BaseStream.class, "parallel")
            .orShould()
            .callMethod(Collection.class, "parallelStream")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ForkJoinPool.class);

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
            .haveNameMatching(
                    ".*(Util|Utils|Common|Helper|Manager|Service|Impl|Processor|Handler|Info|Base|Abstract\\w*)")
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
            .areNotAssignableTo(Throwable.class)
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
                .forEach(p -> assertThat(p.isAnnotatedWith(NullMarked.class))
                        .as(p.getName())
                        .isTrue());
    }

    @ArchTest
    static final ArchRule public_interfaces_are_small = classes()
            .that()
            .areInterfaces()
            .and()
            .arePublic()
            .and()
            .resideOutsideOfPackages(PROGRAMS)
            .should(haveAtMostTenMethods());

    @Test
    void classes_have_at_most_four_hundred_lines() throws IOException {
        Path root = Path.of("").toAbsolutePath().resolveSibling("");
        try (Stream<Path> files = Files.walk(root)) {
            List<String> tooLong = files.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> f.toString().contains("src/main/java"))
                    // A contract is a list of tests; it is as long as what it asks.
                    .filter(f -> !f.toString().endsWith("Contract.java"))
                    .filter(f -> lines(f) > 400)
                    .map(f -> root.relativize(f) + ": " + lines(f))
                    .toList();
            assertThat(tooLong).isEmpty();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ArchCondition<JavaClass> haveAtMostTenMethods() {
        return new ArchCondition<>("have at most ten abstract methods") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                long count = type.getMethods().stream()
                        .filter(m -> m.getModifiers().contains(JavaModifier.ABSTRACT))
                        .count();
                if (count > 10) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " has " + count + " methods"));
                }
            }
        };
    }
}

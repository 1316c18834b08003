import java.io.FileInputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Holds PDFs against PDF/A-2a and PDF/UA-1, one line a standard: PASS, or FAIL with each rule that is broken. */
public class VeraPdf {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            for (PDFAFlavour flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1}) {
                try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
                     PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    Set<String> broken = new LinkedHashSet<>();
                    for (TestAssertion each : result.getTestAssertions()) {
                        if (each.getStatus() == TestAssertion.Status.FAILED) {
                            broken.add(each.getRuleId().getClause() + " " + each.getMessage());
                        }
                    }
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + flavour.getId() + " " + file);
                    broken.forEach(rule -> System.out.println("    " + rule));
                }
            }
        }
    }
}

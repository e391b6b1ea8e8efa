using System.Globalization;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Imports;

/// <summary>The ways in which an import is refused.</summary>
internal static class ImportProblems
{
    public static readonly ProblemType Refused = new("import-refused", 422, "The file has errors, so nothing was imported.",
        "Each entry of errors names a line of the file (counted as a text editor does), the column where there is one, and what is wrong. At most 1,000 are listed; errorCount says how many there are. Correct the file and send all of it again; dryRun=true checks it without importing.");

    public static readonly ProblemType Running = new("import-running", 409, "Another import is running.",
        "One import runs at a time, so that files cannot overtake each other. Nothing of this one was imported: repeat it when the other one has ended.");

    public static readonly ProblemType NoSpace = new("import-no-space", 507, "There is no room for the file.",
        "The service keeps an uploaded file on its temporary disk while it is checked, and that disk is full. Nothing was imported: tell the operator, or repeat the import later.");

    public static readonly ProblemType TooLarge = new("import-too-large", 413, "The file is too large.",
        "A file may have up to 256 MiB. Split it between two products, never within one, and import the parts one after the other.");

    public static readonly ProblemType NotCsv = new("import-media-type", 415, "The body is not a CSV file.",
        "Send the file itself with Content-Type: text/csv, or as the first file of a multipart/form-data form. The text is UTF-8.");

    public static readonly ProblemType Expired = new("import-expired", 410, "The file is not there any more.",
        "A file whose import could not run is kept for 7 days. Nothing was imported: send it again.");

    /// <summary>What the report of an import says of its refusal.</summary>
    public static ImportRefusal RefusalOf(ProblemException refused) => new(
        refused.Type.Uri, refused.Type.Title, refused.Type.Status, refused.Message,
        refused.Extensions.TryGetValue("errorCount", out var count) ? (int)count! : 0,
        refused.Extensions.TryGetValue("errors", out var errors) ? (IReadOnlyList<ImportError>)errors! : []);

    public static ProblemException RefusedFor(ImportErrors errors) => new ProblemException(Refused, errors.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"Line {errors.All[0].Line}: {errors.All[0].Detail}")
            : string.Create(CultureInfo.InvariantCulture, $"The file has {errors.Count} errors; the first is in line {errors.All[0].Line}: {errors.All[0].Detail}"))
        .With("errorCount", errors.Count)
        .With("errors", errors.All);

    public static ProblemException RefusedFor(CsvFormatException malformed)
    {
        var errors = new ImportErrors();
        errors.Add(malformed.Line, null, malformed.Message);
        return RefusedFor(errors);
    }
}

using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Declared;

/// <summary>The findings that are accepted. One that is not found any more fails the verification.</summary>
internal static class AcceptedFindings
{
    public static IReadOnlyList<Accepted> All { get; } =
    [
        new("files-stay-short", "tests/Architecture.Fixtures/modules/Careless/Careless/Haste/Endless.cs", "It is too long on purpose: the rule is shown to find it."),
        new("files-stay-short", "tests/Architecture.Tests/Corpus/violations/83-long-file/modules/Readers/Readers/Accounts/LongList.cs", "It is too long on purpose: the corpus shows that the rule finds it."),
        new("versions-are-central", "tests/Architecture.Fixtures/modules/Careless/Careless/Careless.csproj", "It sets a version on purpose: the rule is shown to find it."),
        new("sources-are-layered", "src/Analyzers/Analyzers.csproj", "An analyzer is loaded alone and for an older framework: what it shares with the engine, the reader of SQL above all, is compiled into both."),
        new("commands-are-validated", "DeleteBasket", "The basket's id is its only value; OpenBaskets checks its shape, and a malformed one is not found like an unknown one."),
        new("commands-are-validated", "RemoveLine", "Besides the basket's id, which OpenBaskets checks, its values are typed; a line that is not there is not found."),
        new("published-payloads-are-kept", "StockCommitted", "Events of the first version do not say from where stock was taken, and nobody can say it for them: the list is empty."),
        new("commands-are-validated", "RecordOutcomes", "What providers answer is read and bounded by their adapters; no client sends it."),
        new("handlers-are-sent-to", "CertifyNightlyHandler.Handle", "One command is one transaction: what is asked for each night is asked for in its own, not in one of another command."),
        new("subscriptions-are-named", "PaymentInstructions", "The requests about one payment are taken in their order, which holds within one subscription only."),
        new("changes-are-recorded", "ApiKeyCache.NoteUseAsync", "When a key was last used is no change of it, and would be one entry for each key and minute."),
        new("changes-are-recorded", "StoredKeys.StoreElement", "ASP.NET Core writes its key ring by itself, on behalf of nobody, every 90 days."),
        new("changes-are-recorded", "ImportParts.KeepAsync", "The parts of a file belong to nothing until its import is accepted, which is recorded."),
        new("changes-are-recorded", "ImportTurn.TakeAsync", "It takes a lock and changes nothing."),
        new("changes-are-recorded", "OperationTable.PostponeAsync", "That a call to the payment provider is tried again later is no change; what comes of it is recorded."),
        new("changes-are-recorded", "OperationTable.ReleaseAsync", "A host that stops gives back what it has not begun."),
        new("changes-are-recorded", "ExportProductsHandler.Handle", "It opens a cursor and changes nothing."),
    ];
}

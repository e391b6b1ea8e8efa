using ModularMonolith.Architecture.Reading;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests;

/// <summary>The deliberately bad code below tests/Architecture.Fixtures, and what each rule must find in it.</summary>
internal static class BadCodebase
{
    public static readonly IReadOnlyDictionary<string, string[]> Findings = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["module-references"] =
        [
            "Careless: refers to ModularMonolith.Meddling",
            "HurryHandler.Handle: uses ModularMonolith.Meddling.IMeddlingStore as a type argument",
            "HurryHandler: uses ModularMonolith.Meddling.IMeddlingStore as a type argument",
            "Sneaky.Newest: calls ModularMonolith.Meddling.IGossip.Newest",
            "Sneaky: uses ModularMonolith.Meddling.IGossip",
            "Sneaky: uses ModularMonolith.Meddling.IMeddlingStore",
        ],
        ["contract-references"] =
        [
            "Careless.Contracts: refers to ModularMonolith.Meddling.Contracts",
            "Shouted.Rumour: uses ModularMonolith.Meddling.Contracts.Rumour",
            "Shouted.get_Key: uses ModularMonolith.Meddling.Contracts.Rumour.Text",
            "Shouted: uses ModularMonolith.Meddling.Contracts.Rumour",
        ],
        ["contracts-hold-no-behaviour"] =
        [
            "GetAnswerHandler.Handle: works asynchronously: that is no message",
            "GetAnswerHandler: is more than a message: implements MediatR.IRequestHandler",
            "RumourKeeper.Keep: is more than a message: calls Marten.IDocumentOperations.Store",
            "RumourKeeper: is more than a message: uses Marten.IDocumentSession",
        ],
        ["no-module-cycles"] =
        [
            "careless: depends on itself: careless → meddling → careless",
            "meddling: depends on itself: meddling → careless → meddling",
        ],
        ["manifest-names-dependencies"] =
        [
            "Sneaky.IsRumour: names the event 'meddling.rumour-spread' of 'meddling' and does not declare it",
            "careless: uses 'meddling' and does not declare it",
            "meddling: declares 'idle' and does not use it",
        ],
        ["module-has-manifest"] = ["Meddling: names no owner or no purpose"],
        ["host-names-no-module"] =
        [
            "Shortcut.Rumour: uses ModularMonolith.Meddling.Contracts.Rumour",
            "Shortcut: uses ModularMonolith.Meddling.Contracts.Rumour",
            "src/Leaky/Leaky.csproj: refers to ModularMonolith.Meddling.Contracts",
        ],
        ["platform-knows-no-module"] =
        [
            "Shortcut.Rumour: uses ModularMonolith.Meddling.Contracts.Rumour",
            "Shortcut: uses ModularMonolith.Meddling.Contracts.Rumour",
        ],
        ["time-comes-from-time-provider"] =
        [
            "HurryHandler.Handle: calls DateTime.Now",
            "HurryHandler.Handle: calls DateTimeOffset.UtcNow",
        ],
        ["ids-are-version-7"] =
        [
            "HurryHandler.Handle: calls Guid.CreateVersion7 without a time",
            "HurryHandler.Handle: calls Guid.NewGuid",
        ],
        ["nothing-blocks"] =
        [
            "HurryHandler.Handle: calls GetAwaiter().GetResult()",
            "HurryHandler.Handle: calls Task.Result",
            "HurryHandler.Handle: calls Task.Wait",
            "HurryHandler.Handle: calls Thread.Sleep",
        ],
        ["no-static-mutable-state"] =
        [
            "HurryHandler.Count: is static and can change",
            "HurryHandler.Remembered: is static, and what is in its List can change",
        ],
        ["sql-stays-in-its-schema"] =
        [
            "HurryHandler.Handle: names the table integration.message in SQL",
            "HurryHandler.Handle: names the table meddling.rumour in SQL",
        ],
        ["no-async-void"] = ["Sneaky.Forget: is async and returns no task"],
        ["no-dynamic"] = ["Sneaky.NameOf: calls what only the running program knows"],
        ["no-service-location"] = ["Sneaky.Found: fetches Calm from the container"],
        ["services-stay-in-their-module"] = ["Sneaky: injects IGossip, a service of Meddling"],
        ["no-reflection-by-name"] = ["Sneaky.ByName: looks ModularMonolith.Meddling.MeddlingModule of Meddling up by name"],
        ["no-unsafe-accessor"] =
        [
            "Sneaky.Hidden: looks for 'rumours' among members that are not public",
            "Sneaky.TextOf: opens what ModularMonolith.Meddling.Contracts.Rumour keeps closed",
        ],
        ["cache-keys-are-own"] = ["Sneaky.Cached: uses the key 'meddling:rumour', which is named after Meddling"],
        ["files-are-own"] = ["Sneaky.Left: uses the file or lock 'meddling.json', which is named after Meddling"],
        ["no-http-to-ourselves"] = ["Sneaky.AskAsync: calls /api/meddling of the product's own API"],
        ["events-by-name"] = ["Sneaky.IsRumour: names the event meddling.rumour-spread of Meddling, on which the module does not depend"],
        ["changes-are-recorded"] = ["HurryHandler.Handle: calls DbCommand.ExecuteNonQueryAsync"],
        ["events-are-named"] =
        [
            "Nameless: has no [EventName]",
            "Shouted: is named 'Careless.Shouted'",
            "Stolen: is named 'meddling.stolen' and belongs to 'careless'",
        ],
        ["event-names-are-unique"] = ["careless.told: is the name of ToldOnce and ToldTwice"],
        ["events-are-contracts"] = ["Kept: is not a public sealed type of Careless.Contracts"],
        ["published-payloads-are-kept"] =
        [
            """Kept: has no file modules/Careless/Careless.Contracts/Events/careless.kept.v1.json; save in it: {"id":"a Id"}""",
            "Lifted: cannot read modules/Careless/Careless.Contracts/Events/careless.lifted.v1.json: A stored 'careless.lifted' of version 1 cannot be read as Lifted: no IEventUpcaster<Lifted> lifts version 1.",
            """Lifted: has no file modules/Careless/Careless.Contracts/Events/careless.lifted.v2.json; save in it: {"id":"a Id","prices":[{"amount":3,"currency":"EUR"}],"at":"2026-01-02T03:04:05+00:00"}""",
            """Rumour: is written in another shape than modules/Meddling/Meddling.Contracts/Events/meddling.rumour-spread.v1.json has kept: {"text":"a Text"}""",
            """Shouted: has no file modules/Careless/Careless.Contracts/Events/Careless.Shouted.v1.json; save in it: {"rumour":{"text":"a Text"}}""",
            "Stolen: cannot read modules/Careless/Careless.Contracts/Events/meddling.stolen.v1.json: A stored 'meddling.stolen' of version 1 cannot be read as Stolen: The JSON value could not be converted to ModularMonolith.Careless.Contracts.Stolen. Path: $.id | LineNumber: 0 | BytePositionInLine: 9.",
            "ToldOnce: does not set id from modules/Careless/Careless.Contracts/Events/careless.told.v1.json",
            "ToldTwice: does not set id from modules/Careless/Careless.Contracts/Events/careless.told.v1.json",
        ],
        ["stored-payloads-are-kept"] =
        [
            "Bent: cannot read modules/Careless/Careless.Tests/StoredEvents/bent.v1.json: The JSON value could not be converted to ModularMonolith.Careless.Bent. Path: $.id | LineNumber: 0 | BytePositionInLine: 9.",
            """Grown: is written in another shape than modules/Careless/Careless.Tests/StoredEvents/grown.v1.json has kept: {"id":"a Id","colour":"a Colour"}""",
            """Unkept: has no file modules/Careless/Careless.Tests/StoredEvents/unkept.v1.json; save in it: {"id":"019b7c1a-2d88-7000-8000-00000000000b","count":3,"done":true}""",
        ],
        ["payload-files-have-events"] =
        [
            "modules/Careless/Careless.Contracts/Events/careless.forsaken.v1.json: belongs to no event and version that the code knows",
            "modules/Careless/Careless.Contracts/Events/careless.lifted.v3.json: belongs to no event and version that the code knows",
            "modules/Careless/Careless.Tests/StoredEvents/shrunk.v1.json: belongs to no event and version that the code knows",
        ],
        ["subscriptions-are-named"] =
        [
            "WhenShouted: has no [Subscription]",
            "WhenStolen: shares the name 'listen'",
            "WhenToldOnce: shares the name 'listen'",
            "WhenToldTwice: is named 'Listen Too'",
        ],
        ["solution-holds-every-project"] =
        [
            "modules/Careless/Careless.Contracts/Careless.Contracts.csproj: is not in Fixtures.sln",
            "modules/Gone/Gone/Gone.csproj: is in Fixtures.sln and does not exist",
            "modules/Meddling/Meddling.Contracts/Meddling.Contracts.csproj: is not in Fixtures.sln",
            "modules/Meddling/Meddling/Meddling.csproj: is not in Fixtures.sln",
            "src/Leaky/Leaky.csproj: is not in Fixtures.sln",
            "src/Packages/Sloppy/Sloppy.csproj: is not in Fixtures.sln",
        ],
        ["settings-are-documented"] =
        [
            "CarelessModule.Secret: reads 'Secret', which docs/configuration.md does not name",
            "Sneaky.Taken: reads 'meddling:Rumour', which docs/configuration.md does not name",
            "docs/configuration.md: names 'careless:Forgotten', which no code reads",
        ],
        ["links-lead-somewhere"] = ["docs/configuration.md: leads to missing.md"],
        ["modules-have-three-projects"] =
        [
            "Careless: has no project Careless.Tests",
            "Meddling: has no project Meddling.Tests",
        ],
        ["sources-are-layered"] = ["src/Leaky/Leaky.csproj: refers to Meddling.Contracts"],
        ["editions-stand-in-for-packages"] =
        [
            "src/Packages/Sloppy/Sloppy.csproj: has the assembly name 'ModularMonolith.Sloppy'",
            "src/Packages/Sloppy/Sloppy.csproj: has the package id 'Careful'",
            "src/Packages/Sloppy/Sloppy.csproj: has version 1.0.0, not 2.0.0",
            "src/Packages/Sloppy/Sloppy.csproj: is not swapped in Directory.Build.targets",
        ],
        ["versions-are-central"] = ["modules/Careless/Careless/Careless.csproj: sets the version of Npgsql"],
        ["files-stay-short"] = ["modules/Careless/Careless/Haste/Endless.cs: has more than 300 lines"],
        ["handlers-use-own-store"] =
        [
            "HurryHandler: injects NpgsqlDataSource",
            "HurryHandler: injects the session of ModularMonolith.Meddling.IMeddlingStore",
        ],
        ["endpoints-have-no-constructor-parameters"] = ["HurryEndpoint: has no parameterless constructor"],
        ["commands-are-validated"] = ["Calm: has no validator", "Hurry: has no validator"],
        ["requests-have-one-handler"] =
        [
            "GetAnswer: has 0 handlers",
            "Hurry: has 2 handlers",
            "Scattered.Buried: has 0 handlers",
        ],
        ["requests-are-not-nested"] = ["Buried: is nested in Scattered"],
        ["one-request-per-file"] =
        [
            "Buried: stands in modules/Careless/Careless/Haste/Hurry.cs, not in Buried.cs",
            "BuriedValidator: stands in modules/Careless/Careless/Haste/Hurry.cs, not in Buried.cs",
            "Calm: stands in modules/Careless/Careless/Haste/Hurry.cs, not in Calm.cs",
            "CalmHandler: stands in modules/Careless/Careless/Haste/Hurry.cs, not in Calm.cs",
        ],
        ["reactions-have-their-file"] =
        [
            "WhenShouted: stands in modules/Meddling/Meddling/Listeners.cs",
            "WhenStolen: stands in modules/Meddling/Meddling/Listeners.cs",
            "WhenToldOnce: stands in modules/Meddling/Meddling/Listeners.cs",
            "WhenToldTwice: stands in modules/Meddling/Meddling/Listeners.cs",
        ],
        ["module-types-are-internal"] =
        [
            "ModularMonolith.Careless.Haste.Scattered: is public",
            "ModularMonolith.Meddling.IGossip: is public",
            "ModularMonolith.Meddling.IMeddlingStore: is public",
        ],
        ["module-types-are-sealed"] = ["ModularMonolith.Careless.Haste.Scattered: is neither sealed nor abstract"],
        ["store-markers-are-internal"] = ["ModularMonolith.Meddling.IMeddlingStore: is public"],
        ["store-markers-have-distinct-names"] = ["IMeddlingStore: is the name of ModularMonolith.Careless.Elsewhere.IMeddlingStore and ModularMonolith.Meddling.IMeddlingStore"],
        ["event-methods-are-public"] = ["Misplaced.Apply: is not public"],
        ["namespaces-follow-folders"] =
        [
            "ModularMonolith.Careless.Elsewhere.IMeddlingStore: stands in modules/Careless/Careless/Haste/Misplaced.cs, which is ModularMonolith.Careless.Haste",
            "ModularMonolith.Careless.Elsewhere.Misplaced: stands in modules/Careless/Careless/Haste/Misplaced.cs, which is ModularMonolith.Careless.Haste",
        ],
        ["contracts-stay-small"] = ["Careless.Contracts: has more than 7 public types"],
        ["internals-stay-internal"] =
        [
            "Careless: shows the internals of ModularMonolith.Careless to ModularMonolith.Leaky",
            "Meddling: shows the internals of ModularMonolith.Meddling to ModularMonolith.Careless",
        ],
        ["package-policy"] =
        [
            "Careless.Contracts: refers to the package MediatR",
            "Careless: refers to the package Npgsql",
            "Meddling.Contracts: refers to the package Marten",
            "Meddling: may use the package Humanizer and does not",
        ],
        ["use-cases-stand-in-slices"] =
        [
            "GetAnswerHandler: is a handler and stands outside of a slice",
            "Scattered.BuriedValidator: is a validator and is nested",
        ],
        ["use-cases-are-named"] = ["Sloppily: does not end with Endpoint"],
        ["routes-stay-in-the-module"] = ["Sloppily.AddRoutes: maps /api/meddling/rumours"],
        ["endpoints-say-who-may-call"] = ["HurryEndpoint.AddRoutes: maps /now, which does not say who may call it"],
        ["endpoints-have-names"] =
        [
            "HurryEndpoint.AddRoutes: maps /now, which has no name",
            "Sloppily.AddRoutes: maps /api/meddling/rumours, which has no name",
        ],
        ["handlers-are-sent-to"] = ["Sneaky.Rush: calls CalmHandler past the pipeline"],
        ["events-go-through-the-log"] = ["Whisper: is a notification of MediatR"],
        ["settings-are-own"] = ["Sneaky.Taken: reads 'meddling:Rumour', a setting of Meddling"],
        ["types-say-what-they-do"] = ["SloppyHelper: is named Helper, which says nothing"],
        ["folders-are-business-concepts"] = ["modules/Careless/Careless/Handlers: is named after the kind of class Handlers, not after a concept"],
    };

    private static readonly Lazy<RuleContext> Read = new(static () => new RuleContext(
        Repository.Open(Path.Combine(RepositoryUnderTest.Root, "tests", "Architecture.Fixtures")).Read(),
        Policy.Default with
        {
            Layers = new Dictionary<string, IReadOnlyList<string>> { ["Leaky"] = [] },
            ContractTypesAtMost = 7,
            Hosts = ["ModularMonolith.Leaky"],
            Platform = [.. Policy.Default.Platform, "ModularMonolith.Leaky"],
            ModulePackages = new Dictionary<string, IReadOnlyList<AllowedPackage>> { ["Meddling"] = [new("Humanizer", "It might be of use.")] },
        }));

    /// <summary>The fixtures, read as a repository of their own.</summary>
    public static RuleContext Context => Read.Value;
}

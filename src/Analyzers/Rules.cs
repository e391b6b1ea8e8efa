using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ModularMonolith.Analyzers;

/// <summary>What is reported: each rule with its reason and the way out. The sentences are those of the rule of the same name that looks at the compiled code.</summary>
internal static class Rules
{
    /// <summary>The category of all of them.</summary>
    public const string Category = "Boundaries";

    public static readonly DiagnosticDescriptor ModuleReferences = Rule(
        "MM0001",
        "module-references",
        "A module that reaches into another one's insides cannot be changed, tested or run apart from it any more.",
        "Refer to the other module's Contracts project. If what you need is not there, ask its owner to add a request or an event to it.");

    public static readonly DiagnosticDescriptor ContractReferences = Rule(
        "MM0002",
        "contract-references",
        "Whoever uses a module's Contracts gets everything that they refer to. They stay small and point at nobody.",
        "Keep only records of plain values, Money and the message markers of Platform.Contracts in a Contracts project; copy a value type instead of referring to another module's.");

    public static readonly DiagnosticDescriptor ContractsHoldNoBehaviour = Rule(
        "MM0003",
        "contracts-hold-no-behaviour",
        "Contracts say what can be asked and what has happened. A store, a handler, an endpoint or a service in them would run in every module that refers to them.",
        "Move the type into the module's own project. What others call as a service is a request: a record that implements IQuery or ICommand, sent through ISender.");

    public static readonly DiagnosticDescriptor ManifestNamesDependencies = Rule(
        "MM0004",
        "manifest-names-dependencies",
        "The host decides by the manifest what can be switched off and in which order to start; drawings and roles come from it too.",
        "Make DependsOn in the module's [Module] attribute name exactly the modules whose Contracts its code uses.");

    public static readonly DiagnosticDescriptor ModuleTypesAreInternal = Rule(
        "MM0005",
        "module-types-are-internal",
        "What is public will be used, and then it cannot change. Only Contracts are for others.",
        "Make the type internal; move what another module needs to the Contracts project.");

    public static readonly DiagnosticDescriptor ModuleTypesAreSealed = Rule(
        "MM0006",
        "module-types-are-sealed",
        "A class is either a leaf or made to be inherited from; everything between is inheritance that nobody planned.",
        "Make the class sealed, or abstract when other classes of the module derive from it.");

    public static readonly DiagnosticDescriptor StoreMarkersAreInternal = Rule(
        "MM0007",
        "store-markers-are-internal",
        "Whoever sees a module's store marker can open a session on its data. It must not compile anywhere else.",
        "Make the interface internal, and ask the owning module for its data with a request.");

    public static readonly DiagnosticDescriptor EventMethodsArePublic = Rule(
        "MM0008",
        "event-methods-are-public",
        "The published Marten finds the methods that apply events to an aggregate only when they are public, also on internal classes.",
        "Make the method public; the class stays internal.");

    public static readonly DiagnosticDescriptor TimeComesFromTimeProvider = Rule(
        "MM0009",
        "time-comes-from-time-provider",
        "Code that reads the machine's clock itself cannot be tested at midnight, at an expiry or a year from now.",
        "Inject TimeProvider and call GetUtcNow(); give it to Task.Delay and to timers. To measure how long something takes, Stopwatch is right.");

    public static readonly DiagnosticDescriptor IdsAreVersion7 = Rule(
        "MM0010",
        "ids-are-version-7",
        "Random ids scatter inserts over the whole index; an id from the machine's clock ignores the one that tests set.",
        "Use Guid.CreateVersion7(timeProvider.GetUtcNow()).");

    public static readonly DiagnosticDescriptor NothingBlocks = Rule(
        "MM0011",
        "nothing-blocks",
        "A thread that waits for a task is lost to all other requests; a few of them stop the host.",
        "Make the method async and await; wait for time with Task.Delay(…, timeProvider, cancellationToken).");

    public static readonly DiagnosticDescriptor NoStaticMutableState = Rule(
        "MM0012",
        "no-static-mutable-state",
        "State in a static field is shared by all requests and tests and lost with the process.",
        "Keep state in the module's store; keep constants readonly and in frozen or read-only collections.");

    public static readonly DiagnosticDescriptor SqlStaysInItsSchema = Rule(
        "MM0013",
        "sql-stays-in-its-schema",
        "The database refuses a statement that names another module's schema, and its tables are that module's secret.",
        "Ask the other module with a request, or keep what you need from its events; write events with Publish. SQL needs no schema name: the search path is the module's own.");

    public static readonly DiagnosticDescriptor NoServiceLocation = Rule(
        "MM0014",
        "no-service-location",
        "What is fetched from the container while the code runs stands in no signature: nobody sees the dependency, and it fails only when it is reached.",
        "Take what you need as a parameter of the constructor. Ask another module with a request through ISender. A background service may open a scope for its module's own services.");

    public static readonly DiagnosticDescriptor NoDynamic = Rule(
        "MM0015",
        "no-dynamic",
        "Behind dynamic stands any type of any module; what is called on it shows in no signature and no compiler checks it.",
        "Use the type, a generic parameter or an interface; for JSON use JsonElement or a record. Send a request under its own type.");

    public static readonly DiagnosticDescriptor NoReflectionByName = Rule(
        "MM0016",
        "no-reflection-by-name",
        "A name in a text is a dependency that no compiler checks and no diagram shows; it breaks at run time when the other module renames something.",
        "Use the other module's Contracts, which the compiler checks. Reflection on a module's own types and on the framework's is free: start from typeof.");

    public static readonly DiagnosticDescriptor NoUnsafeAccessor = Rule(
        "MM0017",
        "no-unsafe-accessor",
        "What is private or internal may change without notice. Code that reaches it all the same breaks with the next version, and the boundary between modules is only what this rule holds.",
        "Use what the type shows, or ask its owner to show what you need.");

    public static readonly DiagnosticDescriptor InternalsStayInternal = Rule(
        "MM0018",
        "internals-stay-internal",
        "Internal types are what a module can change without asking anybody. An assembly that sees them is a part of the module, whatever its name says.",
        "Remove the InternalsVisibleTo, and move what the other assembly needs to the module's Contracts. Only a project's own tests and Marten.DynamicStores may see its internals.");

    public static readonly DiagnosticDescriptor RequestsAreNotNested = Rule(
        "MM0019",
        "requests-are-not-nested",
        "A nested request has no name of its own in logs, traces and files.",
        "Put the request at the top of its file.");

    public static readonly DiagnosticDescriptor EventsAreNamed = Rule(
        "MM0020",
        "events-are-named",
        "The log keeps events by name for years. A type that is renamed or moved must not change what is stored.",
        "Give the class [EventName(\"module.what-happened\")]: lower case, the owning module first, words joined by hyphens.");

    public static readonly DiagnosticDescriptor HandlersUseOwnStore = Rule(
        "MM0021",
        "handlers-use-own-store",
        "A session that a handler gets from elsewhere is not saved with the command, or belongs to another module's data.",
        "Inject IModuleSession<TStore> with the module's own store marker; ask other modules with a request through ISender.");

    public static readonly DiagnosticDescriptor NoAsyncVoid = Rule(
        "MM0022",
        "no-async-void",
        "Nobody can wait for an async method without a task, and an exception in it ends the process.",
        "Return Task and await it; give work that goes on in the background to a BackgroundService. A lambda that is async needs a delegate that returns a task: Func<Task>, not Action.");

    /// <summary>All rules, in the order of their ids.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        ModuleReferences, ContractReferences, ContractsHoldNoBehaviour, ManifestNamesDependencies, ModuleTypesAreInternal, ModuleTypesAreSealed, StoreMarkersAreInternal, EventMethodsArePublic,
        TimeComesFromTimeProvider, IdsAreVersion7, NothingBlocks, NoStaticMutableState, SqlStaysInItsSchema, NoServiceLocation, NoDynamic, NoReflectionByName, NoUnsafeAccessor, InternalsStayInternal,
        RequestsAreNotNested, EventsAreNamed, HandlersUseOwnStore, NoAsyncVoid,
    ];

    // The message is where and what, which each finding says, and then what to do instead.
    private static DiagnosticDescriptor Rule(string id, string name, string because, string instead) =>
        new(id, because.TrimEnd('.'), "{0} {1}. " + instead, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, because, "docs/rules.md#" + name);
}

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

    public static readonly DiagnosticDescriptor ServicesStayInTheirModule = Rule(
        "MM0023",
        "services-stay-in-their-module",
        "A service that one module registers and another one injects couples both inside of one process, past the requests and events that can be versioned, audited and moved elsewhere.",
        "Make the service's methods requests in its module's Contracts and send them through ISender, or keep what you need from its events.");

    public static readonly DiagnosticDescriptor UseCasesStandInSlices = Rule(
        "MM0024",
        "use-cases-stand-in-slices",
        "Endpoints, handlers and validators are found by scanning the slices. Elsewhere they are not found, or run in modules that never asked for them; one that others can see or derive from is no longer the module's own.",
        "Put the class at the top of its use case's file in the slice: internal, sealed and not nested.");

    public static readonly DiagnosticDescriptor UseCasesAreNamed = Rule(
        "MM0025",
        "use-cases-are-named",
        "Whoever reads a log, a trace or a folder knows by the name what a class is for.",
        "End the name with Endpoint, Handler or Validator; name a store marker after the module: IOrderingStore.");

    public static readonly DiagnosticDescriptor EndpointsHaveNoConstructorParameters = Rule(
        "MM0026",
        "endpoints-have-no-constructor-parameters",
        "An endpoint class is created once, when the routes are mapped; a service in its constructor would be shared by all requests.",
        "Take the service as a parameter of the route's handler.");

    public static readonly DiagnosticDescriptor RoutesStayInTheModule = Rule(
        "MM0027",
        "routes-stay-in-the-module",
        "The host puts /api and the module's name before each of its routes. A route that begins with them itself is found under both, and one that names another module promises what that one should.",
        "Write the route behind the module's own address: /orders/{id}.");

    public static readonly DiagnosticDescriptor EventsAreContracts = Rule(
        "MM0028",
        "events-are-contracts",
        "An integration event is for other modules. One that they cannot see is a domain event and does not belong in the log.",
        "Move the event to the module's Contracts as a public sealed record.");

    public static readonly DiagnosticDescriptor EventNamesAreUnique = Rule(
        "MM0029",
        "event-names-are-unique",
        "Two types under one name would read each other's payloads.",
        "Give one of them another name; for a new shape of the same event raise its version.");

    public static readonly DiagnosticDescriptor SubscriptionsAreNamed = Rule(
        "MM0030",
        "subscriptions-are-named",
        "A subscription's cursor is kept under its name. Two under one name would move each other's cursor; without one nothing is delivered.",
        "Give the handler [Subscription(\"what-it-does\")]: lower case with hyphens, unique in the module. A class handles one event, unless it is a process that has IProcesses, by itself or through a service of its module.");

    public static readonly DiagnosticDescriptor RequestsHaveOneHandler = Rule(
        "MM0031",
        "requests-have-one-handler",
        "A request without a handler compiles and fails when it is sent; with two, one of them is silently never called.",
        "Write the handler in the request's file, or remove the request.");

    public static readonly DiagnosticDescriptor CommandsAreValidated = Rule(
        "MM0032",
        "commands-are-validated",
        "A command carries what a client wrote. Without a validator, text without end or a negative quantity reaches the domain.",
        "Add an AbstractValidator for the command to its file; when its values are checked elsewhere, list it among the accepted findings with the reason.");

    public static readonly DiagnosticDescriptor OneRequestPerFile = Rule(
        "MM0033",
        "one-request-per-file",
        "A use case is added, read and removed as one file, which is found by its name.",
        "Give each request of the module a file of its own with its name; endpoint, validator and handler stand in the same one. Only a step of a use case that nothing outside its file sends may stand in the use case's file.");

    public static readonly DiagnosticDescriptor ReactionsHaveTheirFile = Rule(
        "MM0034",
        "reactions-have-their-file",
        "What a module does when something happens elsewhere is a use case like any other, found by its name.",
        "Give each event handler a file of its own with its name: WhenOrderPlaced.cs.");

    public static readonly DiagnosticDescriptor CacheKeysAreOwn = Rule(
        "MM0035",
        "cache-keys-are-own",
        "Two modules that use the same key of a cache or variable of the process share data past their Contracts: neither can change its form, and they cannot run apart.",
        "Begin keys with the module's own name, and ask the other module with a request. What must outlive the process belongs into the store.");

    public static readonly DiagnosticDescriptor FilesAreOwn = Rule(
        "MM0036",
        "files-are-own",
        "A file or a named lock that two modules use joins them outside of the database: no transaction covers it, and it is not there on another machine.",
        "Keep data in the module's store and hand it over with a request or an event. A temporary file's name begins with the module's own name.");

    public static readonly DiagnosticDescriptor NoHttpToOurselves = Rule(
        "MM0037",
        "no-http-to-ourselves",
        "A call of the product's own API goes out to the network and back into the same process: it has no transaction, no caller's identity and no contract that the compiler checks, and two of them wait for each other under load.",
        "Send the other module's request through ISender; it is answered in process, and over the network when the module runs elsewhere.");

    public static readonly DiagnosticDescriptor NamespacesFollowFolders = Rule(
        "MM0038",
        "namespaces-follow-folders",
        "Folders are the module's business concepts. A type whose namespace says something else is looked for in the wrong place.",
        "Name the namespace after the project and the folder.");

    public static readonly DiagnosticDescriptor FoldersAreBusinessConcepts = Rule(
        "MM0039",
        "folders-are-business-concepts",
        "What belongs to one use case changes together. A folder for each kind of class tears it apart, and the module's folders no longer say what it is about.",
        "Name the folder after the concept, as Orders or PriceLists, and put all of a use case into one file of it.");

    public static readonly DiagnosticDescriptor TypesSayWhatTheyDo = Rule(
        "MM0040",
        "types-say-what-they-do",
        "Helper, Manager and Util say nothing, so that everything fits into them; a base class is shared code that nobody may change any more.",
        "Name the type after what it does or is: ShippingRates, not ShippingManager. Pass what is shared as an object instead of inheriting it.");

    public static readonly DiagnosticDescriptor ModuleHasManifest = Rule(
        "MM0041",
        "module-has-manifest",
        "A folder below modules that registers nothing is not part of the host, and nobody would notice.",
        "Add one class that implements IModule and carries [Module(name, Owner, Purpose)].");

    /// <summary>All rules, in the order of their ids.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        ModuleReferences, ContractReferences, ContractsHoldNoBehaviour, ManifestNamesDependencies, ModuleTypesAreInternal, ModuleTypesAreSealed, StoreMarkersAreInternal, EventMethodsArePublic,
        TimeComesFromTimeProvider, IdsAreVersion7, NothingBlocks, NoStaticMutableState, SqlStaysInItsSchema, NoServiceLocation, NoDynamic, NoReflectionByName, NoUnsafeAccessor, InternalsStayInternal,
        RequestsAreNotNested, EventsAreNamed, HandlersUseOwnStore, NoAsyncVoid,
        ServicesStayInTheirModule, UseCasesStandInSlices, UseCasesAreNamed, EndpointsHaveNoConstructorParameters, RoutesStayInTheModule, EventsAreContracts,
        EventNamesAreUnique, SubscriptionsAreNamed, RequestsHaveOneHandler, CommandsAreValidated, OneRequestPerFile, ReactionsHaveTheirFile, CacheKeysAreOwn, FilesAreOwn,
        NoHttpToOurselves, NamespacesFollowFolders, FoldersAreBusinessConcepts, TypesSayWhatTheyDo, ModuleHasManifest,
    ];

    // The message is where and what, which each finding says, and then what to do instead.
    private static DiagnosticDescriptor Rule(string id, string name, string because, string instead) =>
        new(id, because.TrimEnd('.'), "{0} {1}. " + instead, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, because, "docs/rules.md#" + name);
}

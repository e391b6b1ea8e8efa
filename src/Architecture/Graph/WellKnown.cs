namespace ModularMonolith.Architecture.Graph;

/// <summary>Full names of the types that rules go by.</summary>
public static class WellKnown
{
    /// <summary>The manifest.</summary>
    public const string Module = "ModularMonolith.Platform.Modules.ModuleAttribute";

    /// <summary>What registers a module.</summary>
    public const string ModuleInterface = "ModularMonolith.Platform.Modules.IModule";

    /// <summary>Lets a class that exists before what it needs take it from the container, with the reason.</summary>
    public const string LocatesServices = "ModularMonolith.Platform.Modules.LocatesServicesAttribute";

    /// <summary>A permission of a module.</summary>
    public const string Permission = "ModularMonolith.Platform.Security.PermissionAttribute";

    /// <summary>What all requests are.</summary>
    public const string Request = "MediatR.IBaseRequest";

    /// <summary>What handles a request with an answer.</summary>
    public const string RequestHandler = "MediatR.IRequestHandler`2";

    /// <summary>What handles a request without one.</summary>
    public const string PlainRequestHandler = "MediatR.IRequestHandler`1";

    /// <summary>A command with an answer; one without derives from it.</summary>
    public const string Command = "ModularMonolith.Platform.Contracts.ICommand`1";

    /// <summary>A query.</summary>
    public const string Query = "ModularMonolith.Platform.Contracts.IQuery`1";

    /// <summary>What all integration events are.</summary>
    public const string IntegrationEvent = "ModularMonolith.Platform.Contracts.IIntegrationEvent";

    /// <summary>The stored name of an event.</summary>
    public const string EventName = "ModularMonolith.Platform.Contracts.EventNameAttribute";

    /// <summary>What handles an event.</summary>
    public const string Handle = "ModularMonolith.Platform.IntegrationLog.IHandle`1";

    /// <summary>What handles events many at a time.</summary>
    public const string HandleBatch = "ModularMonolith.Platform.IntegrationLog.IHandleBatch`1";

    /// <summary>The name of a subscription.</summary>
    public const string Subscription = "ModularMonolith.Platform.IntegrationLog.SubscriptionAttribute";

    /// <summary>A module's session.</summary>
    public const string Session = "ModularMonolith.Platform.Data.IModuleSession`1";

    /// <summary>What opens processes.</summary>
    public const string Processes = "ModularMonolith.Platform.Processes.IProcesses`2";

    /// <summary>What maps routes.</summary>
    public const string CarterModule = "Carter.ICarterModule";

    /// <summary>A store of Marten.</summary>
    public const string DocumentStore = "Marten.IDocumentStore";

    /// <summary>A validator.</summary>
    public const string Validator = "FluentValidation.IValidator`1";

    /// <summary>What validators derive from.</summary>
    public const string AbstractValidator = "FluentValidation.AbstractValidator`1";
}

using Carter;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Pipeline;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Security;
using ModularMonolith.Platform.Security.Tokens;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.Hosting;

/// <summary>Puts modules together into one host.</summary>
public static class ModularMonolithHost
{
    private const long RequestBodyLimit = 1 << 20;

    /// <summary>Registers the platform and the modules. Nothing connects to the database yet.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="modules">The modules; found among the application's assemblies when null.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ModuleConfigurationException">The modules do not fit together.</exception>
    public static WebApplicationBuilder AddModularMonolith(this WebApplicationBuilder builder, ModuleCatalog? modules = null)
    {
        modules ??= ModuleCatalog.Discover(builder.Configuration);
        var services = builder.Services;
        services.AddSingleton(modules);
        var registrations = new ModuleRegistrations(services);
        services.AddSingleton(registrations);
        services.TryAddSingleton(TimeProvider.System);
        AddData(services, builder.Configuration);
        AddBoundaries(services, builder.Configuration);
        AddAudit(services, builder.Configuration);
        AddPipeline(services, modules);
        HttpConventions.Add(services, HttpSettings.From(builder.Configuration, builder.Environment));
        AddHttp(services, modules);
        foreach (var descriptor in modules.Modules)
        {
            AddModule(services, descriptor, modules, registrations, builder.Configuration);
        }

        BearerAuthentication.Add(services, builder.Configuration);
        services.AddHostedService<LogDispatcher>();
        services.AddHostedService<SampleDataFiller>();
        services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBodyLimit;
        });
        return builder;
    }

    /// <summary>Maps the modules' endpoints under <c>/api/{module}</c>, the OpenAPI document, its user interface and health.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="ModuleConfigurationException">An endpoint says nothing about who may call it, or a module would be given a service of another one.</exception>
    public static WebApplication UseModularMonolith(this WebApplication app)
    {
        var modules = app.Services.GetRequiredService<ModuleCatalog>();
        HttpConventions.Use(app);
        foreach (var module in modules.Modules)
        {
            var group = app.MapGroup("/api/" + module.Name).WithTags(module.Name).WithMetadata(module);
            foreach (var endpoints in app.Services.GetServices<ICarterModule>().Where(endpoints => endpoints.GetType().Assembly == module.Assembly))
            {
                endpoints.AddRoutes(group);
            }
        }

        EndpointCredentials.MapWellKnown(app);
        ProblemPages.Map(app, modules);
        LogEndpoints.Map(app);
        AuditEndpoints.Map(app);
        TimerEndpoints.Map(app);
        BoundaryEndpoints.Map(app);
        HealthEndpoints.Map(app);
        OpenApiDocument.Map(app);
        var sources = ((IEndpointRouteBuilder)app).DataSources;
        Permissions.Verify(sources, modules);
        ServiceBoundaries.Verify(modules, app.Services.GetRequiredService<ModuleRegistrations>(), sources);
        app.Services.GetRequiredService<RateLimits>().Verify(sources.SelectMany(static source => source.Endpoints));
        return app;
    }

    /// <summary>
    /// Builds and runs the host, or brings the database up to date and ends when the first argument is <c>migrate</c>, lists what it would serve when it is <c>endpoints</c>, writes the API's
    /// description when it is <c>describe</c>, or runs a module's <see cref="IHostCommand"/>.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <returns>The process's exit code: 0, or 1 after a start that failed for a reason which has been printed.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.AddModularMonolith();
            await using var app = builder.Build();
            app.UseModularMonolith();
            if (args is ["migrate", ..])
            {
                return await app.MigrateAsync();
            }

            if (args is ["endpoints", ..])
            {
                return await EndpointsCommand.RunAsync(app);
            }

            if (args is ["describe", .. var rest])
            {
                return await DescribeCommand.RunAsync(app, rest);
            }

            if (await HostCommands.TryRunAsync(app.Services, args) is { } exitCode)
            {
                return exitCode;
            }

            await app.RunAsync();
            return 0;
        }
        catch (StartFailedException)
        {
            // The host's log has said it already.
            return 1;
        }
        catch (Exception exception) when (StartFailedException.Explain(exception) is { } explanation)
        {
            await Console.Error.WriteLineAsync("The host did not start. " + explanation);
            return 1;
        }
    }

    /// <summary>Brings the database of a host that has been put together up to date, as its command <c>migrate</c> does.</summary>
    /// <param name="app">The application, not started.</param>
    /// <returns>The process's exit code: 0, or 1 when it failed for a reason which has been printed.</returns>
    public static Task<int> MigrateAsync(this WebApplication app) => MigrateCommand.RunAsync(app.Services);

    private static void AddData(IServiceCollection services, ConfigurationManager configuration)
    {
        services.Configure<DatabaseOptions>(configuration.GetSection("Database"));
        services.AddSingleton<DatabaseAddress>();
        services.AddSingleton<ModuleDataSources>();
        services.AddSingleton<DatabaseProvisioner>();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<StartupState>();
        services.AddSingleton<LogSignal>();
        services.AddSingleton(static provider => new LogWakeUp(provider.GetRequiredService<LogSignal>()));
        services.AddSingleton<EventWriter>();
        services.AddSingleton<LogReplays>();
        services.AddSingleton<LogMetrics>();
        services.AddSingleton<LogOperations>();
        services.AddScoped<MessageScope>();
        services.AddSingleton<ProcessMetrics>();
        services.AddScoped<CommitStatement>();
        services.AddSingleton<TimerSignal>();
        services.AddSingleton<TimerCommands>();
        services.AddSingleton<TimerOperations>();
        services.Configure<LogOptions>(configuration.GetSection("Log"));
        services.AddSingleton<DatabaseStartup>();
        services.AddHostedService(static provider => provider.GetRequiredService<DatabaseStartup>());
    }

    private static void AddBoundaries(IServiceCollection services, ConfigurationManager configuration)
    {
        services.Configure<BoundaryOptions>(configuration.GetSection("Boundaries"));
        services.AddSingleton<CurrentModule>();
        services.AddSingleton<MessageOwners>();
        services.AddSingleton<ObservedEdges>();
        services.AddHostedService<EdgeRecorder>();
    }

    private static void AddAudit(IServiceCollection services, ConfigurationManager configuration)
    {
        services.Configure<AuditOptions>(configuration.GetSection("Audit"));
        services.AddSingleton<AuditDatabase>();
        services.AddSingleton<AuditWriter>();
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditSealer>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<AuditVerifier>();
        services.AddScoped<AuditScope>();
        services.AddScoped<IAuditLog, AuditLog>();
    }

    private static void AddPipeline(IServiceCollection services, ModuleCatalog modules)
    {
        services.AddScoped<ActiveUnitsOfWork>();
        services.AddScoped<IdempotencyScope>();
        services.AddScoped<DryRun>();
        services.AddMediatR(mediator =>
        {
            mediator.RegisterServicesFromAssemblies([typeof(ModularMonolithHost).Assembly, .. modules.Modules.Select(module => module.Assembly)]);
            mediator.AddOpenBehavior(typeof(BoundaryBehavior<,>));
            mediator.AddOpenBehavior(typeof(TelemetryBehavior<,>));
            mediator.AddOpenBehavior(typeof(ValidationBehavior<,>));
            mediator.AddOpenBehavior(typeof(UnitOfWorkBehavior<,>));
        });
    }

    private static void AddHttp(IServiceCollection services, ModuleCatalog modules)
    {
        services.AddExceptionHandler<ProblemWriter>();
        services.AddProblemDetails();
        CallerAuthentication.Add(services);
        services.Configure<JsonOptions>(static json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(static handlers => handlers.ThrowOnBadRequest = true);
        services.AddHealthChecks().AddCheck<ReadinessCheck>("database").AddCheck<LogHealthCheck>("log").AddCheck<AuditHealthCheck>("audit");
        OpenApiDocument.Add(services, modules);
        var endpoints = modules.Modules.SelectMany(module => module.Assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(ICarterModule).IsAssignableFrom(type));
        services.AddCarter(configurator: carter => carter.WithModules([.. endpoints]).WithEmptyValidators().WithEmptyResponseNegotiators());
    }

    private static void AddModule(IServiceCollection host, ModuleDescriptor descriptor, ModuleCatalog modules, ModuleRegistrations registrations, ConfigurationManager configuration)
    {
        var services = registrations.Of(descriptor);
        services.Scan(scan => scan.FromAssemblies(descriptor.Assembly)
            .AddClasses(classes => classes.AssignableTo(typeof(IValidator<>)), publicOnly: false).AsImplementedInterfaces().WithSingletonLifetime());
        foreach (var subscription in Subscription.In(descriptor))
        {
            services.TryAddScoped(subscription.Handler);
            services.AddSingleton(subscription);
        }

        ((IModule)Activator.CreateInstance(descriptor.Type, nonPublic: true)!).Configure(new ModuleBuilder(descriptor, modules, services, configuration));
        ModuleBackgroundWork.Attribute(host, descriptor, registrations);
    }
}

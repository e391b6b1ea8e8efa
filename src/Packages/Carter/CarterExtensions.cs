using Carter.Response;
using FluentValidation;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carter;

/// <summary>Registers and maps modules.</summary>
public static class CarterExtensions
{
    /// <summary>Registers modules, validators and response negotiators.</summary>
    /// <param name="services">Where to register them.</param>
    /// <param name="assemblyCatalog">The assemblies to scan; by default those the entry assembly was built with.</param>
    /// <param name="configurator">Names what to register in place of a scan.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCarter(this IServiceCollection services,
        DependencyContextAssemblyCatalog? assemblyCatalog = null, Action<CarterConfigurator>? configurator = null)
    {
        var configuration = new CarterConfigurator();
        configurator?.Invoke(configuration);
        Scan(assemblyCatalog ?? new DependencyContextAssemblyCatalog(), configuration);

        services.AddSingleton(configuration);
        services.AddScoped<IValidatorLocator, DefaultValidatorLocator>();
        foreach (var module in configuration.Modules.Types)
            services.AddSingleton(typeof(ICarterModule), module);
        foreach (var validator in configuration.Validators.Types)
        {
            var lifetime = configuration.LifetimeOf(validator);
            services.Add(new ServiceDescriptor(typeof(IValidator), validator, lifetime));
            services.Add(new ServiceDescriptor(validator, validator, lifetime));
        }

        foreach (var negotiator in configuration.ResponseNegotiators.Types)
            services.AddSingleton(typeof(IResponseNegotiator), negotiator);
        return services.AddSingleton<IResponseNegotiator, DefaultJsonResponseNegotiator>();
    }

    /// <summary>Maps the routes of every registered module.</summary>
    /// <param name="builder">Where to map them.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException"><see cref="AddCarter"/> was not called.</exception>
    public static IEndpointRouteBuilder MapCarter(this IEndpointRouteBuilder builder)
    {
        var configuration = builder.ServiceProvider.GetRequiredService<CarterConfigurator>();
        Log(configuration, builder.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<CarterConfigurator>());
        foreach (var module in builder.ServiceProvider.GetServices<ICarterModule>())
        {
            if (module is CarterModule grouped)
                grouped.MapTo(builder);
            else
                module.AddRoutes(builder);
        }

        return builder;
    }

    private static void Scan(DependencyContextAssemblyCatalog catalog, CarterConfigurator configuration)
    {
        var assemblies = catalog.GetAssemblies();
        configuration.Modules.Resolve(assemblies, type => type.IsPublic && IsService<ICarterModule>(type));
        configuration.Validators.Resolve(assemblies, IsService<IValidator>);
        configuration.ResponseNegotiators.Resolve(assemblies,
            type => IsService<IResponseNegotiator>(type) && type != typeof(DefaultJsonResponseNegotiator));
    }

    private static bool IsService<TContract>(Type type) =>
        !type.IsAbstract && !type.ContainsGenericParameters && type.IsAssignableTo(typeof(TContract));

    private static void Log(CarterConfigurator configuration, ILogger logger)
    {
        foreach (var module in configuration.Modules.Types)
            logger.LogDebug("Found module {Module}.", module);
        foreach (var validator in configuration.Validators.Types)
            logger.LogDebug("Found validator {Validator}.", validator);
        foreach (var negotiator in configuration.ResponseNegotiators.Types)
            logger.LogDebug("Found response negotiator {ResponseNegotiator}.", negotiator);
    }
}

using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Platform.Modules;

/// <summary>
/// Rule services-stay-in-their-module, over the container as it is built: no constructor of a module's class that the container makes, and no parameter of its endpoints, is answered by a service
/// that another module has registered.
/// </summary>
internal sealed class ServiceBoundaries
{
    private const int Listed = 20;

    private static readonly HashSet<Type> Settings = [typeof(IOptions<>), typeof(IOptionsSnapshot<>), typeof(IOptionsMonitor<>), typeof(IOptionsFactory<>)];
    private static readonly HashSet<Type> Deferred = [typeof(Lazy<>), typeof(Func<>)];

    private readonly ModuleCatalog _modules;
    private readonly ModuleRegistrations _registrations;
    private readonly ILookup<Type, ServiceDescriptor> _services;
    private readonly List<string> _findings = [];

    private ServiceBoundaries(ModuleCatalog modules, ModuleRegistrations registrations)
    {
        _modules = modules;
        _registrations = registrations;
        _services = registrations.All.ToLookup(static descriptor => descriptor.ServiceType);
    }

    /// <summary>Refuses a host in which a module would be given a service of another one.</summary>
    /// <exception cref="ModuleConfigurationException">Which class, which parameter, whose service, registered where, and what to do instead.</exception>
    public static void Verify(ModuleCatalog modules, ModuleRegistrations registrations, IEnumerable<EndpointDataSource> sources)
    {
        var boundaries = new ServiceBoundaries(modules, registrations);
        foreach (var type in boundaries.MadeByTheContainer())
        {
            boundaries.Check(type);
        }

        foreach (var method in sources.SelectMany(static source => source.Endpoints).Select(static endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()).OfType<MethodInfo>().Distinct())
        {
            boundaries.Check(method);
        }

        if (boundaries._findings.Count > 0)
        {
            throw new ModuleConfigurationException(
                string.Join('\n', boundaries._findings.Distinct(StringComparer.Ordinal).Take(Listed)) + "\nThe rule is services-stay-in-their-module, see docs/rules.md#services-stay-in-their-module.");
        }
    }

    // Health checks are made by a factory of the framework's that does not say what it makes.
    private IEnumerable<Type> MadeByTheContainer() => _registrations.All
        .Select(Implementation).OfType<Type>()
        .Concat(_modules.Modules.SelectMany(static module => module.Assembly.GetTypes()).Where(static type => type is { IsClass: true, IsAbstract: false } && typeof(IHealthCheck).IsAssignableFrom(type)))
        .Distinct();

    private void Check(Type type)
    {
        if (_modules.OwnerOf(type.Assembly) is not { } user)
        {
            return;
        }

        foreach (var parameter in type.GetConstructors().SelectMany(static constructor => constructor.GetParameters()))
        {
            if (IsProvider(parameter.ParameterType) && !type.IsDefined(typeof(LocatesServicesAttribute), inherit: false))
            {
                _findings.Add(
                    $"{type.FullName} of module '{user.Name}' takes an IServiceProvider in its constructor, so nobody sees what it takes from it. Name what it needs as parameters; what has to open scopes takes "
                    + "IServiceScopeFactory; a class that exists before what it needs says so with [LocatesServices(\"why\")].");
            }

            Check(user, $"{type.FullName} of module '{user.Name}' asks in its constructor for", parameter);
        }
    }

    private void Check(MethodInfo endpoint)
    {
        if (endpoint.DeclaringType is { } type && _modules.OwnerOf(type.Assembly) is { } user)
        {
            foreach (var parameter in endpoint.GetParameters())
            {
                Check(user, $"The endpoint {type.FullName}.{endpoint.Name} of module '{user.Name}' asks for", parameter);
            }
        }
    }

    private void Check(ModuleDescriptor user, string who, ParameterInfo parameter)
    {
        if (parameter.IsDefined(typeof(AsParametersAttribute)))
        {
            foreach (var part in parameter.ParameterType.GetConstructors().SelectMany(static constructor => constructor.GetParameters()))
            {
                Check(user, who, part);
            }

            return;
        }

        var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
        foreach (var (service, isMany) in Needed(parameter.ParameterType))
        {
            var answers = Answers(service, key);
            foreach (var answer in isMany ? answers : answers.TakeLast(1))
            {
                if (OwnerOf(answer) is { } owner && owner != user)
                {
                    _findings.Add(
                        $"{who} {Name(parameter.ParameterType)} ({parameter.Name}), which is answered by {Describe(answer)} of module '{owner.Name}', registered by {owner.Type.FullName}. A module's code uses no service of "
                        + $"another module: send '{owner.Name}' a request of its Contracts or handle its events, or register in {user.Type.FullName} what '{user.Name}' needs itself.");
                }
            }

            if (service.IsConstructedGenericType && Settings.Contains(service.GetGenericTypeDefinition()) && _modules.OwnerOf(service.GetGenericArguments()[0].Assembly) is { } other && other != user)
            {
                _findings.Add(
                    $"{who} {Name(parameter.ParameterType)} ({parameter.Name}): the settings of module '{other.Name}'. Each module reads its own section of the configuration; give '{user.Name}' a setting of its own, or ask "
                    + $"'{other.Name}' with a request of its Contracts.");
            }
        }
    }

    // Func and Lazy put the question off to another moment; it is the same question.
    private static IEnumerable<(Type Service, bool IsMany)> Needed(Type parameter)
    {
        yield return (parameter, false);
        if (!parameter.IsConstructedGenericType)
        {
            yield break;
        }

        var definition = parameter.GetGenericTypeDefinition();
        if (definition == typeof(IEnumerable<>))
        {
            yield return (parameter.GetGenericArguments()[0], true);
        }
        else if (Deferred.Contains(definition))
        {
            foreach (var needed in Needed(parameter.GetGenericArguments()[0]))
            {
                yield return needed;
            }
        }
    }

    private IEnumerable<ServiceDescriptor> Answers(Type service, object? key)
    {
        var closed = Of(service);
        return service.IsConstructedGenericType && !closed.Any() ? Of(service.GetGenericTypeDefinition()) : closed;

        IEnumerable<ServiceDescriptor> Of(Type type) => _services[type].Where(descriptor => key is null ? !descriptor.IsKeyedService : descriptor.IsKeyedService && (Equals(descriptor.ServiceKey, key) || Equals(descriptor.ServiceKey, KeyedService.AnyKey)));
    }

    /// <summary>The module whose service it is. What the framework or the platform makes of its own types is nobody's, however it came into the host: several modules may add it alike.</summary>
    private ModuleDescriptor? OwnerOf(ServiceDescriptor descriptor)
    {
        var implementation = Implementation(descriptor);
        if (_registrations.RegistrarOf(descriptor) is not { } registrar)
        {
            return implementation is null ? null : _modules.OwnerOf(implementation.Assembly);
        }

        var factory = descriptor.IsKeyedService ? descriptor.KeyedImplementationFactory?.Method : descriptor.ImplementationFactory?.Method;
        if (IsOf(registrar, descriptor.ServiceType) || IsOf(registrar, implementation) || IsOf(registrar, factory?.DeclaringType))
        {
            return registrar;
        }

        // An object of somebody else's type that one module alone has put into the container is no less that module's.
        var isInstance = (descriptor.IsKeyedService ? descriptor.KeyedImplementationInstance : descriptor.ImplementationInstance) is not null;
        return isInstance && !IsOfTheFramework(descriptor.ServiceType) && _services[descriptor.ServiceType].All(other => _registrations.RegistrarOf(other) == registrar) ? registrar : null;
    }

    private bool IsOf(ModuleDescriptor module, Type? type) =>
        type is not null && (_modules.OwnerOf(type.Assembly) == module || (type.IsConstructedGenericType && Array.Exists(type.GetGenericArguments(), argument => IsOf(module, argument))));

    // What extension methods of the framework and of the platform's builder put into the container.
    private static bool IsOfTheFramework(Type type) => type.Assembly == typeof(ModuleBuilder).Assembly || type.Assembly.GetName().Name!.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static bool IsProvider(Type type) => type == typeof(IServiceProvider) || type == typeof(IKeyedServiceProvider);

    private static Type? Implementation(ServiceDescriptor descriptor) => descriptor.IsKeyedService
        ? descriptor.KeyedImplementationType ?? descriptor.KeyedImplementationInstance?.GetType()
        : descriptor.ImplementationType ?? descriptor.ImplementationInstance?.GetType();

    private static string Describe(ServiceDescriptor descriptor) =>
        Implementation(descriptor) is { } implementation && implementation != descriptor.ServiceType ? Name(implementation) : "the service " + Name(descriptor.ServiceType);

    private static string Name(Type type) => type.IsConstructedGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.FullName ?? type.Name;
}

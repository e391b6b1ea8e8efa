using System.Reflection;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace Carter;

/// <summary>
/// Names what <c>AddCarter</c> registers. For each kind (modules, validators, response negotiators): when any type is
/// named, only the named ones are registered; otherwise the assemblies of the catalog are scanned.
/// </summary>
public class CarterConfigurator
{
    private ServiceLifetime _defaultValidatorLifetime = ServiceLifetime.Singleton;
    private Func<Type, ServiceLifetime>? _validatorLifetime;

    internal CarterConfigurator()
    {
    }

    internal Selection Modules { get; } = new();

    internal Selection Validators { get; } = new();

    internal Selection ResponseNegotiators { get; } = new();

    /// <summary>Registers a module. It may be internal or nested.</summary>
    /// <typeparam name="TModule">The module.</typeparam>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithModule<TModule>() where TModule : ICarterModule => WithModules(typeof(TModule));

    /// <summary>Registers modules. They may be internal or nested.</summary>
    /// <param name="modules">Types that implement <see cref="ICarterModule"/>.</param>
    /// <returns>This configurator.</returns>
    /// <exception cref="ArgumentException">A type does not implement <see cref="ICarterModule"/>.</exception>
    public CarterConfigurator WithModules(params Type[] modules)
    {
        Modules.Add<ICarterModule>(modules, nameof(modules));
        return this;
    }

    /// <summary>Registers no module but the named ones.</summary>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithEmptyModules()
    {
        Modules.Scans = false;
        return this;
    }

    /// <summary>Registers a validator.</summary>
    /// <typeparam name="T">The validator.</typeparam>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithValidator<T>() where T : IValidator => WithValidators(typeof(T));

    /// <summary>Registers validators.</summary>
    /// <param name="validators">Types that implement <see cref="IValidator"/>.</param>
    /// <returns>This configurator.</returns>
    /// <exception cref="ArgumentException">A type does not implement <see cref="IValidator"/>.</exception>
    public CarterConfigurator WithValidators(params Type[] validators)
    {
        Validators.Add<IValidator>(validators, nameof(validators));
        return this;
    }

    /// <summary>Registers no validator but the named ones.</summary>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithEmptyValidators()
    {
        Validators.Scans = false;
        return this;
    }

    /// <summary>Registers a response negotiator.</summary>
    /// <typeparam name="T">The response negotiator.</typeparam>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithResponseNegotiator<T>() where T : IResponseNegotiator => WithResponseNegotiators(typeof(T));

    /// <summary>Registers response negotiators.</summary>
    /// <param name="responseNegotiators">Types that implement <see cref="IResponseNegotiator"/>.</param>
    /// <returns>This configurator.</returns>
    /// <exception cref="ArgumentException">A type does not implement <see cref="IResponseNegotiator"/>.</exception>
    public CarterConfigurator WithResponseNegotiators(params Type[] responseNegotiators)
    {
        ResponseNegotiators.Add<IResponseNegotiator>(responseNegotiators, nameof(responseNegotiators));
        return this;
    }

    /// <summary>Registers no response negotiator but the named ones and the JSON default.</summary>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithEmptyResponseNegotiators()
    {
        ResponseNegotiators.Scans = false;
        return this;
    }

    /// <summary>Sets the lifetime of validators that have no <see cref="ValidatorLifetimeAttribute"/>; singleton when never called.</summary>
    /// <param name="serviceLifetime">The lifetime in the dependency-injection container.</param>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithDefaultValidatorLifetime(ServiceLifetime serviceLifetime)
    {
        _defaultValidatorLifetime = serviceLifetime;
        return this;
    }

    /// <summary>Decides each validator's lifetime, in place of attribute and default.</summary>
    /// <param name="validatorServiceLifetimeFactory">Given the validator's type, answers its lifetime.</param>
    /// <returns>This configurator.</returns>
    public CarterConfigurator WithValidatorServiceLifetimeFactory(Func<Type, ServiceLifetime> validatorServiceLifetimeFactory)
    {
        _validatorLifetime = validatorServiceLifetimeFactory;
        return this;
    }

    internal ServiceLifetime LifetimeOf(Type validator) =>
        _validatorLifetime?.Invoke(validator)
        ?? validator.GetCustomAttribute<ValidatorLifetimeAttribute>()?.Lifetime
        ?? _defaultValidatorLifetime;

    internal sealed class Selection
    {
        private readonly List<Type> _types = [];

        public IReadOnlyList<Type> Types => _types;

        public bool Scans { get; set; } = true;

        public void Add<TContract>(Type[] types, string parameter)
        {
            var stranger = types.FirstOrDefault(type => !type.IsAssignableTo(typeof(TContract)));
            if (stranger is not null)
                throw new ArgumentException($"{stranger} does not implement {typeof(TContract)}.", parameter);
            _types.AddRange(types);
        }

        public void Resolve(IEnumerable<Assembly> assemblies, Func<Type, bool> wanted)
        {
            if (Scans && _types.Count == 0)
                _types.AddRange(assemblies.SelectMany(assembly => assembly.GetTypes()).Where(wanted));
        }
    }
}

using FluentValidation;

namespace Carter;

/// <summary>Finds validators by the type they were declared for; a validator of a base type is not used for a derived one.</summary>
public class DefaultValidatorLocator : IValidatorLocator
{
    private readonly ILookup<Type, IValidator> _validators;

    /// <summary>Creates a locator over a set of validators.</summary>
    /// <param name="validators">The registered validators.</param>
    public DefaultValidatorLocator(IEnumerable<IValidator> validators) =>
        _validators = validators
            .SelectMany(validator => ModelsOf(validator.GetType()).Select(model => (model, validator)))
            .ToLookup(pair => pair.model, pair => pair.validator);

    /// <inheritdoc />
    public IValidator? GetValidator<T>() => GetValidator(typeof(T));

    /// <inheritdoc />
    public IValidator? GetValidator(Type type)
    {
        var found = _validators[type].Take(2).ToList();
        return found.Count < 2
            ? found.SingleOrDefault()
            : throw new InvalidOperationException(
                $"Several validators are registered for {type}: {string.Join(", ", _validators[type].Select(validator => validator.GetType()))}. Register one.");
    }

    private static IEnumerable<Type> ModelsOf(Type validator) => validator.GetInterfaces()
        .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IValidator<>))
        .Select(contract => contract.GetGenericArguments()[0]);
}

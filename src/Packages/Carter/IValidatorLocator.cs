using FluentValidation;

namespace Carter;

/// <summary>Finds the validator of a model among those registered by <c>AddCarter</c>.</summary>
public interface IValidatorLocator
{
    /// <summary>Finds the validator of a model.</summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <returns>The validator declared for exactly this type, or null when there is none.</returns>
    /// <exception cref="InvalidOperationException">Several validators are registered for the type.</exception>
    IValidator? GetValidator<T>();

    /// <summary>Finds the validator of a model.</summary>
    /// <param name="type">The type of the model.</param>
    /// <returns>The validator declared for exactly this type, or null when there is none.</returns>
    /// <exception cref="InvalidOperationException">Several validators are registered for the type.</exception>
    IValidator? GetValidator(Type type);
}

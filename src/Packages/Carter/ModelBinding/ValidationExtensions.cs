using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Carter.ModelBinding;

/// <summary>Validates models with the validators that <c>AddCarter</c> registered, and formats what they find.</summary>
public static class ValidationExtensions
{
    /// <summary>Validates a model.</summary>
    /// <typeparam name="T">The type whose validator is used.</typeparam>
    /// <param name="request">The current request.</param>
    /// <param name="model">The model.</param>
    /// <returns>What the validator found.</returns>
    /// <exception cref="InvalidOperationException">No validator, or more than one, is registered for the type.</exception>
    public static ValidationResult Validate<T>(this HttpRequest request, T model) =>
        ValidatorOf<T>(request).Validate(new ValidationContext<T>(model));

    /// <summary>Validates a model, with rules that may wait; ends when the request is aborted.</summary>
    /// <typeparam name="T">The type whose validator is used.</typeparam>
    /// <param name="request">The current request.</param>
    /// <param name="model">The model.</param>
    /// <returns>What the validator found.</returns>
    /// <exception cref="InvalidOperationException">No validator, or more than one, is registered for the type.</exception>
    public static Task<ValidationResult> ValidateAsync<T>(this HttpRequest request, T model) =>
        ValidatorOf<T>(request).ValidateAsync(new ValidationContext<T>(model), request.HttpContext.RequestAborted);

    /// <summary>Lists the errors in the order they were found.</summary>
    /// <param name="result">What a validator found.</param>
    /// <returns>Objects with the properties <c>PropertyName</c> and <c>ErrorMessage</c>.</returns>
    public static IEnumerable<dynamic> GetFormattedErrors(this ValidationResult result) =>
        result.Errors.Select(error => new { error.PropertyName, error.ErrorMessage });

    /// <summary>Groups the errors by property, as <c>Results.ValidationProblem</c> takes them.</summary>
    /// <param name="result">What a validator found.</param>
    /// <returns>The messages of each property.</returns>
    public static Dictionary<string, string[]> GetValidationProblems(this ValidationResult result) => result.Errors
        .GroupBy(error => error.PropertyName, error => error.ErrorMessage, StringComparer.Ordinal)
        .ToDictionary(errors => errors.Key, errors => errors.ToArray(), StringComparer.Ordinal);

    private static IValidator ValidatorOf<T>(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<IValidatorLocator>().GetValidator<T>()
        ?? throw new InvalidOperationException(
            $"No validator is registered for {typeof(T)}. Add a class that derives from AbstractValidator<{typeof(T).Name}>, or name it in AddCarter.");
}

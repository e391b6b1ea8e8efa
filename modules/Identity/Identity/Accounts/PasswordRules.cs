using FluentValidation;
using Microsoft.AspNetCore.Identity;

namespace ModularMonolith.Identity.Accounts;

/// <summary>
/// Which passwords are accepted, after NIST SP 800-63B-4, section 3.1.1.2: a length, counted in code points, and not one that everybody tries first. No rules about
/// kinds of characters, and no expiry.
/// </summary>
internal sealed class PasswordRules(CommonPasswords common)
{
    /// <summary>The length of a password that is the only factor.</summary>
    public const int MinimumAlone = 15;

    /// <summary>The length of a password beside a second factor.</summary>
    public const int MinimumWithSecondFactor = 8;

    /// <summary>The length that a hash is computed for at most.</summary>
    public const int Maximum = 256;

    /// <summary>Why a password is not accepted; null when it is.</summary>
    public string? Refuse(string password, string email, bool hasSecondFactor)
    {
        var length = password.EnumerateRunes().Count();
        var minimum = hasSecondFactor ? MinimumWithSecondFactor : MinimumAlone;
        if (length < minimum)
        {
            return $"The password has {length} characters; it needs {minimum}. A few words in a row are long and easy to remember.";
        }

        if (length > Maximum)
        {
            return $"The password has more than {Maximum} characters.";
        }

        return common.Contains(password) || IsAbout(password, email)
            ? "The password is one of those that are tried first: a common one, one that repeats itself, or the address. Choose another one."
            : null;
    }

    private static bool IsAbout(string password, string email) =>
        password.Contains(email, StringComparison.OrdinalIgnoreCase) || email.Contains(password, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Rules for the passwords in requests.</summary>
internal static class PasswordRequests
{
    /// <summary>Refuses what is no password of any account, before anything is computed with it.</summary>
    public static IRuleBuilderOptions<T, string> MustBeText<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().MaximumLength(2 * PasswordRules.Maximum).WithMessage($"The password has more than {PasswordRules.Maximum} characters.");

    /// <summary>Refuses what cannot be an address.</summary>
    public static IRuleBuilderOptions<T, string> MustBeEmail<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().MaximumLength(254).EmailAddress()
            .Must(static email => email is null || !email.Any(static letter => char.IsWhiteSpace(letter) || char.IsControl(letter))).WithMessage("The address contains white space or control characters.");
}

/// <summary>The same rules where ASP.NET Core Identity sets a password.</summary>
internal sealed class PasswordValidator(PasswordRules rules) : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(
        rules.Refuse(password ?? string.Empty, user.Email, user.HasSecondFactor) is { } refusal
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = refusal })
            : IdentityResult.Success);
}

/// <summary>What an operation of ASP.NET Core Identity answers.</summary>
internal static class IdentityResults
{
    /// <summary>Refuses the request when the operation refused the field.</summary>
    /// <exception cref="ValidationException">It did.</exception>
    public static void Ensure(this IdentityResult result, string field)
    {
        if (!result.Succeeded)
        {
            throw new ValidationException([.. result.Errors.Select(error => new FluentValidation.Results.ValidationFailure(field, error.Description))]);
        }
    }
}

using FluentValidation;
using MediatR;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.SignIns;

/// <summary>A sign-in as a unit of work of its own.</summary>
[RetryOnConflict]
internal sealed record SignInWithPassword(string Email, string Password, string? Code, SessionOrigin Origin) : ICommand<SignInOutcome>;

internal sealed class SignInWithPasswordValidator : AbstractValidator<SignInWithPassword>
{
    public SignInWithPasswordValidator()
    {
        RuleFor(command => command.Email).MustBeEmail();
        RuleFor(command => command.Password).MustBeText();
        RuleFor(command => command.Code).MaximumLength(40);
    }
}

internal sealed class SignInWithPasswordHandler(SignIn signIn) : IRequestHandler<SignInWithPassword, SignInOutcome>
{
    public Task<SignInOutcome> Handle(SignInWithPassword request, CancellationToken cancellationToken) =>
        signIn.WithPasswordAsync(request.Email, request.Password, request.Code, request.Origin, cancellationToken);
}

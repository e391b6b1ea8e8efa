using System.Security.Cryptography;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Identity;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Admins;

/// <summary>Opens an account with the role admin, whose address whoever runs the host vouches for.</summary>
[RetryOnConflict]
internal sealed record CreateAdmin(string Email, string? Password, bool OnlyFirst) : ICommand<NewAdmin>;

/// <summary>What became of it.</summary>
/// <param name="Result">Whether an account was opened.</param>
/// <param name="GeneratedPassword">The password, when none was given. It is shown once and stored nowhere.</param>
internal sealed record NewAdmin(NewAdminResult Result, string? GeneratedPassword = null);

internal enum NewAdminResult
{
    /// <summary>The account was opened.</summary>
    Created,

    /// <summary>There was an account with the address; it has the role now.</summary>
    Promoted,

    /// <summary>There is an admin already, and only the first was asked for.</summary>
    NotNeeded,
}

internal sealed class CreateAdminValidator : AbstractValidator<CreateAdmin>
{
    public CreateAdminValidator(PasswordRules rules)
    {
        RuleFor(command => command.Email).MustBeEmail();
        RuleFor(command => command.Password).Custom((password, context) =>
        {
            if (password is not null && rules.Refuse(password, context.InstanceToValidate.Email, hasSecondFactor: false) is { } refusal)
            {
                context.AddFailure(refusal);
            }
        });
    }
}

internal sealed class CreateAdminHandler(IModuleSession<IIdentityStore> session, UserManager<Account> users, RoleChanges roles, TimeProvider time) : IRequestHandler<CreateAdmin, NewAdmin>
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int Length = 24;

    public async Task<NewAdmin> Handle(CreateAdmin request, CancellationToken cancellationToken)
    {
        await roles.TakeTurnAsync(cancellationToken);
        if (request.OnlyFirst && await session.Documents.Query<Account>().Where(account => account.Roles.Contains(Role.Admin)).AnyAsync(cancellationToken))
        {
            return new NewAdmin(NewAdminResult.NotNeeded);
        }

        if (await users.FindByEmailAsync(request.Email) is { } present)
        {
            if (!present.Roles.Contains(Role.Admin))
            {
                (await users.AddToRoleAsync(present, Role.Admin)).Ensure(nameof(request.Email));
            }

            return new NewAdmin(NewAdminResult.Promoted);
        }

        var now = time.GetUtcNow();
        var generated = request.Password is null ? RandomNumberGenerator.GetString(Alphabet, Length) : null;
        var account = new Account { Id = Guid.CreateVersion7(now), Email = request.Email, CreatedAt = now, CredentialsChangedAt = now, Roles = [Role.Admin] };
        (await users.CreateAsync(account, generated ?? request.Password!)).Ensure(nameof(request.Password));
        session.Publish(new AccountOpened(account.Id, now));
        return new NewAdmin(NewAdminResult.Created, generated);
    }
}

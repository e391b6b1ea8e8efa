using FluentValidation;
using MediatR;
using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Identity.Admins;

/// <summary><c>Host create-admin {address}</c>: for the first admin in production, and for the day on which nobody can sign in any more.</summary>
internal sealed class CreateAdminCommand(ISender sender, IConfiguration configuration) : IHostCommand
{
    public string Name => "create-admin";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [var email, ..] || email.StartsWith('-'))
        {
            await Console.Error.WriteLineAsync("Say for whom: create-admin {address}. The password is identity:Admin:Password, or a random one that is printed once.");
            return 1;
        }

        try
        {
            var admin = await sender.Send(new CreateAdmin(email, configuration.GetSection("identity").GetValue<string>("Admin:Password"), OnlyFirst: false), cancellationToken);
            await Console.Out.WriteLineAsync(admin switch
            {
                { Result: NewAdminResult.Promoted } => $"{email} had an account already; it has the role admin now and keeps its password.",
                { GeneratedPassword: { } password } => $"{email} is an admin now. The password, shown once: {password}",
                _ => $"{email} is an admin now, with the password of identity:Admin:Password.",
            });
            return 0;
        }
        catch (ValidationException refused)
        {
            await Console.Error.WriteLineAsync("No admin was made. " + string.Join(" ", refused.Errors.Select(static error => error.ErrorMessage)));
            return 1;
        }
    }
}

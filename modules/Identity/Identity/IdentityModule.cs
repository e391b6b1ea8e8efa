using Marten;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Admins;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Identity.Passkeys;
using ModularMonolith.Identity.Protection;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Identity.Tokens;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity;

internal interface IIdentityStore : IDocumentStore;

[Module(
    "identity",
    Owner = "team-identity",
    Purpose = "Knows who somebody is and what they may do: accounts, second factors, passkeys, sessions and roles.",
    DependsOn = [])]
[Permission("identity:manage", "See accounts, change roles and give roles to accounts.")]
internal sealed class IdentityModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        var settings = IdentitySettings.From(module.Configuration);
        module.Services.AddSingleton(settings);
        AddAccounts(module.Services, settings);
        AddPasskeys(module.Services, settings);
        AddProtection(module);
        module.AddRecurring<RemoveExpired>("remove-expired", "20 * * * *");
        module.Services.AddHostedService<FirstAdmin>();
        module.Services.AddScoped<IHostCommand, CreateAdminCommand>();
        TokenRegistration.Add(module);
        module.UseStore<IIdentityStore>(static options =>
        {
            options.Schema.For<Account>().UniqueIndex(account => account.NormalizedEmail).GinIndexJsonDataMember(account => account.Roles);
            options.Schema.For<MailLink>().Index(link => link.NormalizedEmail);
            options.Schema.For<Session>().Index([session => session.Subject, session => session.Id]);
            options.Schema.For<Passkey>().Index(passkey => passkey.AccountId);
            options.Schema.For<PasskeyChallenge>();
            options.Schema.For<Role>();
            options.Schema.For<RefusedSignIns>();
            TokenRegistration.Configure(options);
        });
    }

    private static void AddAccounts(IServiceCollection services, IdentitySettings settings)
    {
        services.AddIdentityCore<Account>(static identity =>
            {
                identity.User.RequireUniqueEmail = true;
                // The user name is the address, whose form the validators of the requests check.
                identity.User.AllowedUserNameCharacters = string.Empty;
            })
            .AddUserStore<AccountStore>()
            .AddTokenProvider<AuthenticatorTokenProvider<Account>>(TokenOptions.DefaultAuthenticatorProvider);
        services.Replace(ServiceDescriptor.Scoped<IPasswordValidator<Account>, PasswordValidator>());
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = settings.PasswordIterations);
        services.AddSingleton<CommonPasswords>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<DecoyPassword>();
        services.AddScoped<MailLinks>();
        services.AddScoped<Sessions>();
        services.AddScoped<GuestSessions>();
        services.AddScoped<SecondFactor>();
        services.AddScoped<SignIn>();
        services.AddScoped<CurrentAccount>();
        services.AddScoped<Confirmation>();
        services.AddScoped<Passwords>();
        services.AddScoped<RoleChanges>();
        services.AddSingleton<PermissionCatalog>();
        services.AddScoped<AccountPermissions>();
        services.AddSingleton<IStartupFilter, NothingIsStored>();
    }

    private static void AddPasskeys(IServiceCollection services, IdentitySettings settings)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<PasskeyChallenges>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            passkeys.ServerDomain = settings.PasskeyDomain;
            // A passkey stands for password and code, so the device has to be unlocked for it.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            if (settings.PasskeyOrigins.Count > 0)
            {
                passkeys.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && settings.PasskeyOrigins.Contains(context.Origin));
            }
        });
    }

    private static void AddProtection(ModuleBuilder module)
    {
        module.AddSchemaScript(StoredKeys.Schema);
        module.Services.AddSingleton<StoredKeys>();
        module.Services.AddSingleton<EncryptionKey>();
        module.Services.AddDataProtection().SetApplicationName("ModularMonolith");
        module.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyProtection>();
        module.Services.AddHostedService<EncryptionKeyCheck>();
    }
}

using System.Net;
using System.Security.Cryptography;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.SignIns;

namespace ModularMonolith.Identity.Tests;

public sealed class SecondFactorTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task With_an_app_the_password_alone_is_not_enough()
    {
        var (person, key, _) = await ProtectedPersonAsync();

        Assert.Equal(SignInStatus.NeedsCode, (await identity.SignInAsync(person.Email, person.Password)).Status);
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, "not the right password", Totp(key, 1))).Status);
        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password, Totp(key, 1))).Status);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var (person, key, _) = await ProtectedPersonAsync();
        var code = Totp(key, 1);

        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password, code)).Status);
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password, code)).Status);
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password, " " + code)).Status);
    }

    [Fact]
    public async Task Codes_cannot_be_guessed()
    {
        var (person, key, _) = await ProtectedPersonAsync();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password, Another(Totp(key, 0), attempt))).Status);
        }

        Assert.Equal(SignInStatus.Locked, (await identity.SignInAsync(person.Email, person.Password, Totp(key, 1))).Status);
    }

    [Fact]
    public async Task A_recovery_code_works_once()
    {
        var (person, _, codes) = await ProtectedPersonAsync();
        Assert.Equal(10, codes.Distinct().Count());

        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password, codes[3])).Status);
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password, codes[3])).Status);
        Assert.Equal(9, (await identity.GetAsync("/account", person.Caller)).Json.GetProperty("recoveryCodesLeft").GetInt32());
    }

    [Fact]
    public async Task New_recovery_codes_replace_the_old_ones()
    {
        var (person, key, codes) = await ProtectedPersonAsync();

        (await identity.PostAsync("/account/recovery-codes", new { password = person.Password, code = "000000" == Totp(key, 0) ? "000001" : "000000" }, person.Caller))
            .Problem(HttpStatusCode.Forbidden, "password-refused");
        var renewed = (await identity.PostAsync("/account/recovery-codes", new { password = person.Password, code = Totp(key, 1) }, person.Caller)).Expect(HttpStatusCode.OK);

        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password, codes[0])).Status);
        var code = renewed.Json.GetProperty("codes")[0].GetString();
        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password, code)).Status);
    }

    [Fact]
    public async Task The_app_is_removed_with_password_and_code()
    {
        var (person, _, codes) = await ProtectedPersonAsync();
        (await identity.PostAsync("/account/authenticator", new { password = person.Password }, person.Caller)).Problem(HttpStatusCode.Conflict, "illegal-state");

        (await identity.PostAsync("/account/authenticator/remove", new { password = person.Password, code = codes[0] }, person.Caller)).Expect(HttpStatusCode.NoContent);

        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password)).Status);
    }

    [Fact]
    public async Task A_short_password_is_accepted_beside_a_second_factor_and_does_not_stay_without()
    {
        var (person, key, codes) = await ProtectedPersonAsync();

        (await identity.PostAsync("/account/password", new { currentPassword = person.Password, newPassword = "nine suns" }, person.Caller)).Expect(HttpStatusCode.NoContent);

        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, "nine suns", Totp(key, 1))).Status);
        (await identity.PostAsync("/account/authenticator/remove", new { password = "nine suns", code = codes[0] }, person.Caller)).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    [Fact]
    public async Task What_is_stored_shows_neither_secret_nor_codes()
    {
        var (person, key, codes) = await ProtectedPersonAsync();

        await using var session = identity.Store.QuerySession();
        var stored = (await session.Json.FindByIdAsync<Account>(person.Id))!;

        Assert.DoesNotContain(key, stored, StringComparison.Ordinal);
        Assert.All(codes, code => Assert.DoesNotContain(code, stored, StringComparison.Ordinal));
        Assert.DoesNotContain(person.Password, stored, StringComparison.Ordinal);
    }

    private async Task<(Person Person, string Key, IReadOnlyList<string> Codes)> ProtectedPersonAsync()
    {
        var person = await identity.PersonAsync();
        var setUp = (await identity.PostAsync("/account/authenticator", new { password = person.Password }, person.Caller)).Expect(HttpStatusCode.OK);
        var key = setUp.Json.GetProperty("key").GetString()!;
        Assert.StartsWith("otpauth://totp/", setUp.Json.GetProperty("uri").GetString(), StringComparison.Ordinal);
        (await identity.PostAsync("/account/authenticator/confirm", new { code = Another(Totp(key, 0), 1) }, person.Caller)).Problem(HttpStatusCode.Forbidden, "code-refused");
        var confirmed = (await identity.PostAsync("/account/authenticator/confirm", new { code = Totp(key, 0) }, person.Caller)).Expect(HttpStatusCode.OK);
        return (person, key, [.. confirmed.Json.GetProperty("codes").EnumerateArray().Select(static code => code.GetString()!)]);
    }

    private static string Another(string code, int by) => ((int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) + 333_333 + by) % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);

    // RFC 6238 as an app computes it, some steps ahead: each code is used once in a test.
    private static string Totp(string key, int step)
    {
        var counter = BitConverter.GetBytes((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + step);
        Array.Reverse(counter);
#pragma warning disable CA5350 // RFC 6238 names HMAC-SHA-1, and authenticator apps use it.
        var hash = HMACSHA1.HashData(Base32(key), counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = ((hash[offset] & 0x7f) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Base32(string text)
    {
        var bits = string.Concat(text.Select(static letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2))];
    }
}

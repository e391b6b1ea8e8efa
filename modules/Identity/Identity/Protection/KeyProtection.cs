using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Identity.Protection;

/// <summary>Keeps the key ring in the module's schema, encrypted with the configured key.</summary>
internal sealed class KeyProtection(StoredKeys keys, EncryptionKey encryption) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = keys;
        if (encryption.Bytes is { } key)
        {
            options.XmlEncryptor = new KeyEncryptor(key);
        }
    }
}

/// <summary>Encrypts an element of the key ring with the framework's AES-256 in Galois/Counter Mode (NIST SP 800-38D) under a random nonce.</summary>
internal sealed class KeyEncryptor(byte[] key) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plaintext = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        var ciphertext = new byte[plaintext.Length];
        using (var cipher = new AesGcm(key, tag.Length))
        {
            cipher.Encrypt(nonce, plaintext, ciphertext, tag);
        }

        CryptographicOperations.ZeroMemory(plaintext);
        return new EncryptedXmlInfo(new XElement("encryptedKey", Convert.ToBase64String([.. nonce, .. tag, .. ciphertext])), typeof(KeyDecryptor));
    }
}

/// <summary>Reads what <see cref="KeyEncryptor"/> wrote. The key ring names this type beside each element and creates it.</summary>
[LocatesServices("The framework makes it, and gives it nothing but the container.")]
internal sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var key = services.GetRequiredService<EncryptionKey>().Bytes
            ?? throw new CryptographicException("The key ring was encrypted with identity:EncryptionKey, which is not set any more. Set it again.");
        var stored = Convert.FromBase64String(encryptedElement.Value).AsSpan();
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var plaintext = new byte[stored.Length - nonce - tag];
        using (var cipher = new AesGcm(key, tag))
        {
            cipher.Decrypt(stored[..nonce], stored[(nonce + tag)..], stored[nonce..(nonce + tag)], plaintext);
        }

        return XElement.Parse(Encoding.UTF8.GetString(plaintext));
    }
}

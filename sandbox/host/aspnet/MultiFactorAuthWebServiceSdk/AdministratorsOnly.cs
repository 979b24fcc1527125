using System;
using System.Diagnostics;
using System.Security.Principal;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;

/// <summary>
/// What IIS and the product do on Windows: the Basic credentials log on to the domain, and only members of PhoneFactor Admins
/// (nested groups count) may use the SDK. Here both are asked of the domain controller over LDAPS.
/// </summary>
public class AdministratorsOnly : IHttpModule
{
    const string AdministratorsGroup = "PhoneFactor Admins";

    public void Init(HttpApplication application)
    {
        application.AuthenticateRequest += (sender, e) => Authenticate((HttpApplication)sender);
    }

    public void Dispose() { }

    static void Authenticate(HttpApplication application)
    {
        var context = application.Context;
        string user, password;
        if (!ReadBasicCredentials(context.Request.Headers["Authorization"], out user, out password) || !IsAdministrator(user, password))
        {
            context.Response.StatusCode = 401;
            context.Response.AppendHeader("WWW-Authenticate", "Basic realm=\"" + context.Request.Url.Host + "\"");
            application.CompleteRequest();
            return;
        }
        context.User = new GenericPrincipal(new GenericIdentity(user, "Basic"), new string[] { AdministratorsGroup });
    }

    static bool ReadBasicCredentials(string header, out string user, out string password)
    {
        user = password = null;
        if (header == null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return false;
        string text;
        try { text = Encoding.UTF8.GetString(Convert.FromBase64String(header.Substring(6).Trim())); }
        catch (FormatException) { return false; }
        int colon = text.IndexOf(':');
        if (colon <= 0) return false;
        user = text.Substring(0, colon);
        password = text.Substring(colon + 1);
        return password != "";
    }

    static bool IsAdministrator(string user, string password)
    {
        string domain = Environment.GetEnvironmentVariable("SANDBOX_DOMAIN_NETBIOS");
        // Unset while the computer is in no domain: nobody can log on then.
        if (string.IsNullOrEmpty(domain)) return false;
        string name = user.Contains("\\") ? user.Substring(user.IndexOf('\\') + 1) : user.Split('@')[0];
        if (!Regex.IsMatch(name, @"^[A-Za-z0-9 ._$-]{1,64}$")) return false;
        string qualified = user.Contains("\\") || user.Contains("@") ? user : domain + "\\" + user;

        string group = FirstDistinguishedName(Search(qualified, password, "(&(objectClass=group)(sAMAccountName=" + AdministratorsGroup + "))"));
        if (group == null) return false;
        string filter = "(&(sAMAccountName=" + name + ")(memberOf:1.2.840.113556.1.4.1941:=" + EscapeFilter(group) + "))";
        return FirstDistinguishedName(Search(qualified, password, filter)) != null;
    }

    // OpenLDAP's client, because Mono's own LDAP classes are not implemented. The password is written to its standard input.
    static string Search(string user, string password, string filter)
    {
        var start = new ProcessStartInfo("ldapsearch")
        {
            Arguments = "-LLL -x -o ldif-wrap=no -H \"" + Environment.GetEnvironmentVariable("SANDBOX_DOMAIN_LDAP") + "\" -y /dev/stdin -D "
                + Quote(user) + " -b " + Quote(Environment.GetEnvironmentVariable("SANDBOX_DOMAIN_BASE")) + " " + Quote(filter) + " dn",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using (var process = Process.Start(start))
        {
            process.ErrorDataReceived += (sender, line) => { };
            process.BeginErrorReadLine();
            process.StandardInput.Write(password);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : "";
        }
    }

    static string Quote(string argument)
    {
        return "\"" + argument.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
    }

    static string EscapeFilter(string value)
    {
        return value.Replace("\\", "\\5c").Replace("*", "\\2a").Replace("(", "\\28").Replace(")", "\\29");
    }

    static string FirstDistinguishedName(string ldif)
    {
        foreach (string line in ldif.Split('\n'))
        {
            if (line.StartsWith("dn:: ")) return Encoding.UTF8.GetString(Convert.FromBase64String(line.Substring(5).Trim()));
            if (line.StartsWith("dn: ")) return line.Substring(4).Trim();
        }
        return null;
    }
}

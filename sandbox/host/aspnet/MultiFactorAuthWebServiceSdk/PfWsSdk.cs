using System;
using System.IO;
using System.Net.Sockets;
using System.Web.Services;

[WebService(Namespace = "http://www.phonefactor.com/PfWsSdk")]
public class PfWsSdk : WebService
{
    [WebMethod(Description = "Answers secure when the connection and the credentials are accepted.")]
    public string TestSecurity()
    {
        return Context.Request.IsSecureConnection ? "secure" : "not secure";
    }

    [WebMethod(Description = "Tells whether the Multi-Factor Authentication service answers.")]
    public bool TestMasterConnection(out Error error)
    {
        error = null;
        try
        {
            // The service writes its port there while it runs.
            string port = File.ReadAllText(Environment.GetEnvironmentVariable("SANDBOX_SERVICE_PORT_FILE"));
            using (var client = new TcpClient("127.0.0.1", int.Parse(port))) return client.Connected;
        }
        catch (Exception)
        {
            error = new Error { Code = 1, Description = "The Multi-Factor Authentication service (MultiFactorAuth) does not answer." };
            return false;
        }
    }
}

public class Error
{
    public int Code;
    public string Description;
}

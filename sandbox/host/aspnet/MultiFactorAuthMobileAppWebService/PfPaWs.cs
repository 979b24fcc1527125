using System;
using System.Configuration;
using System.Net;
using System.Web.Services;
using System.Web.Services.Description;
using System.Web.Services.Protocols;

namespace pfpaws.Properties
{
    /// <summary>The application settings of web.config, section pfpaws.Properties.Settings.</summary>
    public sealed class Settings : ApplicationSettingsBase
    {
        [ApplicationScopedSetting]
        [SpecialSetting(SpecialSetting.WebServiceUrl)]
        [DefaultSettingValue("http://localhost:4898/PfWsSdk.asmx")]
        public string pfpaws_pfwssdk_PfWsSdk { get { return (string)this["pfpaws_pfwssdk_PfWsSdk"]; } }
    }
}

namespace pfpaws.pfwssdk
{
    /// <summary>The web reference to the SDK.</summary>
    [System.Web.Services.WebServiceBinding(Name = "PfWsSdkSoap", Namespace = "http://www.phonefactor.com/PfWsSdk")]
    public class PfWsSdk : SoapHttpClientProtocol
    {
        [SoapDocumentMethod("http://www.phonefactor.com/PfWsSdk/TestSecurity",
            RequestNamespace = "http://www.phonefactor.com/PfWsSdk", ResponseNamespace = "http://www.phonefactor.com/PfWsSdk",
            Use = SoapBindingUse.Literal, ParameterStyle = SoapParameterStyle.Wrapped)]
        public string TestSecurity() { return (string)Invoke("TestSecurity", new object[0])[0]; }

        [SoapDocumentMethod("http://www.phonefactor.com/PfWsSdk/TestMasterConnection",
            RequestNamespace = "http://www.phonefactor.com/PfWsSdk", ResponseNamespace = "http://www.phonefactor.com/PfWsSdk",
            Use = SoapBindingUse.Literal, ParameterStyle = SoapParameterStyle.Wrapped)]
        public bool TestMasterConnection(out Error error)
        {
            object[] results = Invoke("TestMasterConnection", new object[0]);
            error = (Error)results[1];
            return (bool)results[0];
        }
    }

    public class Error
    {
        public int Code;
        public string Description;
    }
}

[WebService(Namespace = "http://www.phonefactor.com/PfPaWs")]
public class PfPaWs : WebService
{
    [WebMethod(Description = "Calls the Web Service SDK with the account of web.config and tells the result.")]
    public string TestPfWsSdkConnection()
    {
        string url = new pfpaws.Properties.Settings().pfpaws_pfwssdk_PfWsSdk;
        string user = ConfigurationManager.AppSettings["WEB_SERVICE_SDK_AUTHENTICATION_USERNAME"];
        string password = ConfigurationManager.AppSettings["WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD"];
        if (string.IsNullOrEmpty(user) || string.IsNullOrEmpty(password))
            return "Error: WEB_SERVICE_SDK_AUTHENTICATION_USERNAME or WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD is not set in web.config.";
        try
        {
            using (var sdk = new pfpaws.pfwssdk.PfWsSdk { Url = url, Credentials = new NetworkCredential(user, password), PreAuthenticate = true, Timeout = 60000 })
            {
                string security = sdk.TestSecurity();
                if (security != "secure") return "Error: the Web Service SDK at " + url + " answered '" + security + "'.";
                pfpaws.pfwssdk.Error error;
                if (!sdk.TestMasterConnection(out error))
                    return "Error: the Web Service SDK at " + url + " cannot reach its server: " + (error == null ? "no reason given" : error.Description);
                return "Success";
            }
        }
        catch (Exception error)
        {
            return "Error: the Web Service SDK at " + url + " could not be used as " + user + ": " + Causes(error);
        }
    }

    static string Causes(Exception error)
    {
        var web = error as WebException;
        var response = web == null ? null : web.Response as HttpWebResponse;
        if (response != null) return "HTTP " + (int)response.StatusCode + " " + response.StatusDescription;
        return error.InnerException == null ? error.Message : error.Message + " (" + Causes(error.InnerException) + ")";
    }
}
